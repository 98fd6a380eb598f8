import { expect, test } from "vitest";
import { readBody } from "./body.server.ts";
import { inputOf, parseForm } from "./forms.server.ts";

/** What a use case is given of a posted form. */
async function read(body: string) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const posted = await readBody(new Request("http://localhost/", { method: "POST", body, headers }));
  return inputOf(parseForm(await posted.form()));
}

const fields = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${name(index)}=1`).join("&");

test("fields, lists and groups", async () => {
  expect(await read("name=a&buckets=1&buckets=2&rules[0].days=3&rules[1].tags[0].key=k&empty=")).toEqual({
    name: "a",
    buckets: ["1", "2"],
    rules: [{ days: "3" }, { tags: [{ key: "k" }] }],
  });
  expect(await read(fields(500, () => "buckets"))).toHaveProperty("buckets.length", 500);
});

// Each would make, of a body within its limit, gigabytes of places: the process died of a form of 400 KB.
test.each([
  ["more fields than any form has", fields(501, (index) => `a${index}`)],
  ["one name more often than any form has it", fields(100_000, () => "a")],
  ["a place far down a list", "a[999]=1"],
  ["lists within lists without end", `a${"[0]".repeat(18)}=1`],
  ["groups within groups without end", `a${".b".repeat(18)}=1`],
])("%s: refused", async (_, body) => {
  await expect(read(body)).rejects.toMatchObject({ code: "unreadable-body" });
});

test("the largest form that is taken makes little of it", async () => {
  const input = await read(fields(500, (index) => `a${index}[99][99][99][99]`));
  expect(JSON.stringify(input).length).toBeLessThan(2_000_000);
});
