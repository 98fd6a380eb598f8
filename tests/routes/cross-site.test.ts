// A change comes from a page of ours or not at all (ASVS 3.5.1, 3.5.3), on every address that takes one.
import { beforeAll, describe, expect, test } from "vitest";
import { formTokenOf, type Visitor, visitor } from "#tests/support/app.ts";
import { type Cast, makeCast } from "#tests/support/cast.ts";
import { type Address, addresses } from "#tests/support/routes.ts";
import { newCpf, snapshot } from "#tests/support/scenario.ts";

let cast: Cast;
let owner: Visitor;
let ownersToken: string;
let before: Record<string, string>;

beforeAll(async () => {
  cast = await makeCast();
  owner = cast.owner;
  ownersToken = formTokenOf(await owner.get("/accounts/new"));
  before = await snapshot();
});

const changing = addresses.filter(({ hasAction }) => hasAction);
const person = (address: Address) => (address.area === "provider" ? cast.operator : owner);

/** Headers of a request that does not come from a page of ours, and why. */
const origins: [what: string, headers: Record<string, string>][] = [
  ["another site", { Origin: "https://evil.example" }],
  ["another port of this host", { Origin: "http://localhost:3001" }],
  ["this host over another scheme", { Origin: "https://localhost:3000" }],
  ["a name that begins like ours", { Origin: "http://localhost.evil.example:3000" }],
  ["no origin that it would name", { Origin: "null" }],
  [
    "another site, and says that it is ours",
    { Origin: "https://evil.example", "Sec-Fetch-Site": "same-origin" },
  ],
  ["another site, says the browser", { "Sec-Fetch-Site": "cross-site" }],
  ["a neighbour, says the browser", { "Sec-Fetch-Site": "same-site" }],
  ["nowhere, says the browser", { "Sec-Fetch-Site": "none" }],
  ["who knows where", {}],
];

test.each(origins)("a change from %s is refused", async (_, headers) => {
  for (const address of changing) {
    for (const method of address.isApi ? ["POST", "PUT", "PATCH", "DELETE"] : ["POST"]) {
      const answer = await person(address).send(cast.pathOf(address), {
        method,
        body: address.isApi ? "{}" : new URLSearchParams({ formToken: "" }),
        headers: { ...(address.isApi ? { "Content-Type": "application/json" } : {}), ...headers },
      });
      expect([method, address.pattern, answer.status]).toEqual([method, address.pattern, 403]);
      if (address.isApi) expect(answer.json().code).toBe("cross-site");
    }
  }
  expect(await snapshot()).toEqual(before);
});

describe("a client that says nothing proves it with the token of the form", () => {
  const wrong: [what: string, token: () => Promise<string>][] = [
    ["none", async () => ""],
    ["one of another visitor", async () => formTokenOf(await visitor().get("/login"))],
    ["one that is too short", async () => ownersToken.slice(1)],
    [
      "one with another end",
      async () => `${ownersToken.slice(0, -2)}${ownersToken.endsWith("AA") ? "BA" : "AA"}`,
    ],
    ["one of the same length that is no text of ours", async () => "é".repeat(ownersToken.length)],
  ];

  test.each(wrong)("the wrong one: %s", async (_, token) => {
    const fields = { accountName: "Padaria", document: newCpf(), formToken: await token() };
    const body = new URLSearchParams(fields);
    expect((await owner.send("/accounts/new", { method: "POST", body })).status).toBe(403);
    expect(await snapshot()).toEqual(before);
  });

  test("the right one of a browser without a session's cookie", async () => {
    const body = new URLSearchParams({ accountName: "Padaria", document: newCpf(), formToken: ownersToken });
    expect((await visitor().send("/accounts/new", { method: "POST", body })).status).toBe(403);
    expect(await snapshot()).toEqual(before);
  });

  test("a cookie that was tampered with is no cookie", async () => {
    const cookie = owner.cookies.get("session") ?? "";
    const forged = visitor(`session=${cookie.replace(/^./, (letter) => (letter === "A" ? "B" : "A"))}`);
    const body = new URLSearchParams({ accountName: "Padaria", document: newCpf(), formToken: ownersToken });
    expect((await forged.send("/accounts/new", { method: "POST", body })).status).toBe(403);
    expect((await forged.get("/accounts")).status).toBe(302);
  });

  test("the right one, in a form, in a multipart form, and in a header beside JSON", async () => {
    const fields = () => ({ accountName: "Padaria", document: newCpf(), formToken: ownersToken });
    const form = await owner.send("/accounts/new", { method: "POST", body: new URLSearchParams(fields()) });
    expect(form.status).toBe(302);

    const multipart = new FormData();
    for (const [name, value] of Object.entries(fields())) multipart.append(name, value);
    expect((await owner.send("/accounts/new", { method: "POST", body: multipart })).status).toBe(302);

    const json = await owner.send("/api/accounts", {
      method: "POST",
      body: JSON.stringify({ accountName: "Padaria", document: newCpf() }),
      headers: { "Content-Type": "application/json", "X-Form-Token": ownersToken },
    });
    expect(json.status).toBe(201);
  });

  test("a stranger's form has a token of its own, tied to their cookie", async () => {
    const stranger = visitor();
    const token = formTokenOf(await stranger.get("/login"));
    const body = new URLSearchParams({
      email: "nobody@example.test",
      password: "wrong wrong wrong",
      formToken: token,
    });
    expect((await stranger.send("/login", { method: "POST", body })).status).toBe(401);
    expect((await visitor().send("/login", { method: "POST", body })).status).toBe(403);
  });
});

test("no GET changes anything (3.5.3)", { timeout: 60_000 }, async () => {
  const standing = await snapshot();
  for (const address of addresses) {
    await person(address).get(cast.pathOf(address));
  }
  expect(await snapshot()).toEqual(standing);
});
