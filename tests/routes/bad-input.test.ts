// What cannot be meant is refused with a clear 4xx, never a 500, and nothing is written. By a table over
// every address of app/routes.ts: a new route is held to it by being there.
import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Answer, publicUrl, type Visitor, visitor } from "#tests/support/app.ts";
import { type Cast, makeCast, postNothing } from "#tests/support/cast.ts";
import { type Address, addresses, fill } from "#tests/support/routes.ts";
import { snapshot } from "#tests/support/scenario.ts";

/** Takes no input: signing out does so whatever else is sent. */
const takesNoInput = new Set(["routes/auth/logout"]);
const changing = addresses.filter(({ hasAction }) => hasAction);
const forms = changing.filter(
  ({ isApi, id }) => !isApi && !takesNoInput.has(id) && id !== "routes/not-found",
);
const resources = changing.filter(({ isApi, id }) => isApi && id !== "routes/api/not-found");

let cast: Cast;
let before: Record<string, string>;

beforeAll(async () => {
  cast = await makeCast();
  before = await snapshot();
});

// Every request of this file is refused. What one test wrote is not the next one's fault.
afterEach(async () => {
  const [was, is] = [before, await snapshot()];
  before = is;
  expect(is).toEqual(was);
});

/** Who may use the address: what is refused here is refused for the input alone. */
function allowed({ area, id }: Address): Visitor {
  if (area === "provider") return cast.operator;
  // These are for people who are not signed in; the others have no use for them.
  return id.startsWith("routes/auth/") ? visitor() : cast.owner;
}

const text = (value: string) => new TextEncoder().encode(value);
const notUtf8 = new Uint8Array([...text("name="), 0xc3, 0x28, 0xff]);
const large = "x".repeat(10 * 1024 * 1024);
const formType = "application/x-www-form-urlencoded";

const badForms: [
  what: string,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
  statuses: number[],
][] = [
  ["bytes that are no UTF-8", formType, notUtf8, [400]],
  ["encoded bytes that are no UTF-8", formType, "name=%ff%fe", [400]],
  ["half of a surrogate pair", formType, "name=%ED%A0%80", [400]],
  ["a NUL in a value", formType, "name=a%00b", [400]],
  ["a NUL in a name", formType, "na%00me=a", [400]],
  ["a field of 10 MB", formType, `name=${large}`, [413]],
  ["multipart without a boundary", "multipart/form-data", "--x\r\n", [400]],
  ["multipart that is none", "multipart/form-data; boundary=x", "garbage", [400]],
  [
    "multipart that breaks off",
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="na',
    [400],
  ],
  ["JSON for a form", "application/json", "{}", [415]],
  ["XML", "application/xml", "<name/>", [415]],
  ["no type", "", "name=a", [415]],
  ["a type that is none", ";;;", "name=a", [415]],
];

test.each(badForms)("a form: %s", async (_, contentType, body, statuses) => {
  for (const address of forms) {
    const answer = await allowed(address).send(cast.pathOf(address), {
      method: "POST",
      body,
      headers: { Origin: publicUrl, "Content-Type": contentType },
    });
    expect([address.pattern, answer.status]).toEqual([address.pattern, expect.toBeOneOf(statuses)]);
    expectPage(answer);
  }
});

const badJson: [
  what: string,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
  statuses: number[],
][] = [
  ["half an object", "application/json", '{"name":', [400]],
  ["an array", "application/json", "[]", [400]],
  ["null", "application/json", "null", [400]],
  ["a number", "application/json", "1e400", [400]],
  ["a string", "application/json", '"name"', [400]],
  ["true", "application/json", "true", [400]],
  ["text after it", "application/json", "{} {}", [400]],
  ["a nesting without end", "application/json", "[".repeat(500_000), [400]],
  ["a nesting too deep", "application/json", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, [400]],
  ["half of a surrogate pair", "application/json", '{"name":"\\ud800"}', [400]],
  ["a NUL in a value", "application/json", '{"name":"a\\u0000b"}', [400]],
  ["a NUL in a name", "application/json", '{"na\\u0000me":"a"}', [400]],
  ["bytes that are no UTF-8", "application/json", notUtf8, [400]],
  ["a field of 10 MB", "application/json", `{"name":"${large}"}`, [413]],
  ["a form", formType, "name=a", [415]],
  ["no type", "", "{}", [415]],
  ["a type that only looks like it", "text/json-ish", "{}", [415]],
];

test.each(badJson)("JSON: %s", async (_, contentType, body, statuses) => {
  for (const address of resources) {
    const answer = await allowed(address).send(cast.pathOf(address), {
      method: "POST",
      body,
      headers: { Origin: publicUrl, "Content-Type": contentType },
    });
    // 405: a resource that is only read, or only deleted.
    expect([address.pattern, answer.status]).toEqual([address.pattern, expect.toBeOneOf([...statuses, 405])]);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  }
});

test("a field that names its own prototype changes nobody's", async () => {
  const body =
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"accountName":1}';
  const answer = await cast.owner.json("/api/accounts", body);
  expect(answer.status).toBe(400);
  for (const name of [
    "__proto__.polluted",
    "constructor.prototype.polluted",
    "__proto__[polluted]",
    "a.__proto__.b",
  ])
    expect((await cast.owner.post("/accounts/new", { [name]: "true" })).status).toBe(400);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each([
  "[",
  "a[",
  "a]",
  "a[b",
  "a..b",
  ".",
  "a[0][",
  "a[-1]",
  "a[4294967294]",
  "a[1e9]",
  "constructor",
  `a${".a".repeat(100_000)}`,
  "[]",
  "a[][]",
  "",
  "a.b[c].d",
])("a field called %.40j is none of ours", async (name) => {
  expect((await cast.owner.post("/accounts/new", [[name, "x"]])).status).toBe(400);
});

test("one name given as both a value and a group is refused as any other value", async () => {
  const fields: [string, string][] = [
    ["accountName", "x"],
    ["accountName.a", "y"],
    ["accountName[3]", "z"],
    ["document", "1"],
    ["document", "2"],
  ];
  expect((await cast.owner.post("/accounts/new", fields)).status).toBe(400);
  const groupFirst: [string, string][] = [...fields].reverse();
  expect((await cast.owner.post("/accounts/new", groupFirst)).status).toBe(400);
});

test("a file in the place of text is refused", async () => {
  const form = new FormData();
  form.append("accountName", new Blob(["x"]), "x.txt");
  form.append("document", new Blob(["x"]), "x.txt");
  const answer = await cast.owner.send("/accounts/new", {
    method: "POST",
    body: form,
    headers: { Origin: publicUrl },
  });
  expect(answer.status).toBe(400);
});

describe("a method that the address does not take", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])("%s on a page", async (method) => {
    for (const address of addresses.filter(({ isApi }) => !isApi)) {
      if (method === "POST" && address.hasAction) continue;
      const answer = await allowed(address).send(cast.pathOf(address), {
        method,
        headers: { Origin: publicUrl },
      });
      expect([address.pattern, answer.status]).toEqual([address.pattern, expect.toBeOneOf([404, 405])]);
    }
  });

  test.each(["PUT", "PATCH", "OPTIONS", "PROPFIND"])("%s on a resource", async (method) => {
    for (const address of addresses.filter(({ isApi }) => isApi)) {
      const answer = await allowed(address).json(cast.pathOf(address), "{", { method });
      // 400: it does take that method, and cannot read what was sent.
      expect([address.pattern, answer.status]).toEqual([address.pattern, expect.toBeOneOf([400, 404, 405])]);
    }
  });
});

describe("an address that names nothing", () => {
  const names: [what: string, name: string][] = [
    ["an id that nobody has", randomUUID()],
    ["an id cut short", randomUUID().slice(0, -1)],
    ["braces around an id", `%7B${randomUUID()}%7D`],
    ["an encoded NUL", "a%00b"],
    ["a replacement character", "%EF%BF%BD"],
    ["an emoji", "%F0%9F%AA%A3"],
    ["steps upwards", "..%2f..%2fetc%2fpasswd"],
    ["an encoded slash", "a%2Fb"],
    ["SQL", "'%20OR%201=1--"],
    ["4,000 characters", "x".repeat(4_000)],
    ["spaces", "%20%20"],
    ["a property of every object", "__proto__"],
  ];
  const named = addresses.filter(({ params }) => params.length > 0);

  // Hundreds of requests each.
  test.each(names)("%s", { timeout: 60_000 }, async (_, name) => {
    for (const address of named) {
      for (const param of address.params) {
        const path = fill(address.pattern, { ...cast.namesFor(address), [param]: name });
        // 422: a link (/setup, /verify-email) that is not valid.
        const [get, post] = [
          await allowed(address).get(path),
          await postNothing(allowed(address), address, path),
        ];
        expect([path, get.status]).toEqual([path, expect.toBeOneOf([400, 404, 422])]);
        expect([path, post.status]).toEqual([path, expect.toBeOneOf([400, 404, 405, 422])]);
      }
    }
  });

  test.each(["?page=%00", "?q=%ff", "?after=%ED%A0%80", "?state=a%"])("a query of %s", async (query) => {
    for (const address of addresses.filter(({ hasLoader }) => hasLoader)) {
      const answer = await allowed(address).get(cast.pathOf(address) + query);
      expect([address.pattern, answer.status]).toEqual([address.pattern, 404]);
    }
  });

  test.each([
    "?q=%25_%5C",
    "?state=none&after=x",
    "?after=9999-99-99_x",
    "?after=-271821-04-20T00:00:00.000Z_00000000-0000-4000-8000-000000000000",
    "?q=a&q=b&state[]=1",
    `?q=${"x".repeat(4_000)}`,
    "?q=%EF%BF%BD",
    "?index",
    "?_routes=none",
  ])("a query that fits nothing is as if it were not there: %s", async (query) => {
    expect((await cast.operator.get(`/admin/accounts${query}`)).status).toBe(200);
  });
});

function expectPage(answer: Answer): void {
  expect(answer.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(answer.text).toContain("<main");
}
