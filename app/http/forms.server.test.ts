import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readBody } from "./body.server.ts";
import { inputOf, isSecretField, parseForm } from "./forms.server.ts";

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

test("a secret is known by its field's name", () => {
  const secret = [
    "password",
    "newPassword",
    "currentPassword",
    "code",
    "recoveryCode",
    "formToken",
    "keys[0].secret",
  ];
  expect(secret.filter((name) => !isSecretField(name))).toEqual([]);
  const harmless = [
    "name",
    "email",
    "postalCode",
    "countryCode",
    "secretary",
    "requireSecondFactor",
    "buckets[]",
  ];
  expect(harmless.filter(isSecretField)).toEqual([]);
});

test("every password field of a page goes by such a name, and no page has one of another making", () => {
  const pages = globSync("app/{routes,ui}/**/*.tsx", { exclude: ["**/*.test.tsx"] }).map((file) => ({
    file,
    text: readFileSync(file, "utf8"),
  }));
  const names = pages.flatMap(({ text }) =>
    [...text.matchAll(/<PasswordField\s+field=\{\w+\.(?:field\(")?(\w+)/g)].map(([, name = ""]) => name),
  );
  expect(names.length).toBeGreaterThan(2);
  expect(names.filter((name) => !isSecretField(name))).toEqual([]);
  const uses = pages.reduce((count, { text }) => count + text.split("<PasswordField").length - 1, 0);
  expect(uses).toBe(names.length);
  const own = pages.filter(({ text }) => /type=.{0,20}"password"/.test(text)).map(({ file }) => file);
  expect(own).toEqual(["app/ui/form/password-field.tsx"]);
});
