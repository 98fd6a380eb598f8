import fc from "fast-check";
import { expect } from "vitest";
import { publicUrl, type Visitor, visitor } from "./app.ts";
import { addresses } from "./routes.ts";
import { makeMember, makeTenancy, makeUser, namesOf, signIn } from "./scenario.ts";

/**
 * Sends requests that nobody thought of to the built application, as a stranger, an owner and an operator: whatever
 * comes, the answer is no 5xx.
 *
 * @param limitMs ends it early on a machine that is slower than this; what was sent until then counts
 */
export async function expectRandomRequestsAnswered(requests: number, limitMs?: number): Promise<void> {
  const tenancy = await makeTenancy();
  const visitors: Visitor[] = [
    visitor(),
    visitor(await signIn(await makeMember(tenancy.account, "owner"))),
    visitor(await signIn(await makeUser({ providerRole: "operator" }))),
  ];
  await fc.assert(
    fc.asyncProperty(request, async ({ who, address, data, method, name, query, content }) => {
      // Signing out ends the sessions that the others need.
      fc.pre(address.id !== "routes/auth/logout");
      const names = namesOf(tenancy, address.isApi);
      const path = address.pattern
        .replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(name ?? names[param] ?? "x"))
        .replace(/\*$/, () => encodeURIComponent(name ?? "x"));
      const search = query
        .map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join("="))
        .join("&");
      const hasBody = !["GET", "HEAD"].includes(method);
      const answer = await visitors[who]?.send(`${path}${data && address.isPage ? ".data" : ""}?${search}`, {
        method,
        headers: { Origin: publicUrl, ...(hasBody ? { "Content-Type": content.type } : {}) },
        ...(hasBody ? { body: content.body } : {}),
      });
      // 503 is said where the engine would be needed: these tests have none.
      expect(answer?.status === 503 ? 0 : answer?.status).toBeLessThan(500);
    }),
    { numRuns: requests, endOnFailure: false, interruptAfterTimeLimit: limitMs },
  );
}

const fieldName = fc.oneof(
  fc.constantFrom(
    "name",
    "email",
    "password",
    "accountName",
    "document",
    "cause",
    "reason",
    "locale",
    "returnTo",
    "buckets",
    "requestId",
    "permission",
  ),
  fc.string({ unit: fc.constantFrom("a", "b", ".", "[", "]", "0", "9", "_", "$"), maxLength: 12 }),
  fc.string({ maxLength: 8 }),
);
const value = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "529.982.247-25",
    "maria@example.test",
    "-1",
    "1e309",
    "null",
    "\u0000",
    "\uD83E",
    "𝒳",
    "../..",
    "other",
  ),
);
const form = fc.array(fc.tuple(fieldName, value), { maxLength: 8 }).map((fields) => ({
  type: "application/x-www-form-urlencoded",
  body: new URLSearchParams(fields).toString(),
}));
const json = fc
  .oneof(
    fc.json({ maxDepth: 4 }),
    fc
      .dictionary(
        fieldName,
        fc.oneof(value, fc.integer(), fc.constant(null), fc.array(value, { maxLength: 3 })),
        { maxKeys: 8 },
      )
      .map((body) => JSON.stringify(body)),
    fc.string({ maxLength: 60 }),
  )
  .map((body) => ({ type: "application/json", body }));
const other = fc.record({
  type: fc.oneof(
    fc.constantFrom("multipart/form-data; boundary=x", "text/plain", ""),
    fc.string({ unit: "grapheme-ascii", maxLength: 30 }).map((text) => text.replace(/[^\x20-\x7e]/g, "")),
  ),
  body: fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
  ),
});

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "binary", minLength: 1, maxLength: 20 })
      .filter((text) => text.isWellFormed()),
  },
);
const query = fc.array(
  fc.tuple(fc.constantFrom("q", "state", "after", "page", "returnTo", "_routes", "index"), value),
  { maxLength: 3 },
);

const request = fc.record({
  who: fc.nat(2),
  address: fc.constantFrom(...addresses),
  data: fc.boolean(),
  method: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("GET", "POST") },
    { weight: 1, arbitrary: fc.constantFrom("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS") },
  ),
  name,
  query,
  content: fc.oneof(form, json, other),
});
