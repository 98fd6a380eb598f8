import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { InvalidInput } from "../../errors.ts";
import { refuseWeakPassword } from "./refuse-weak-password.ts";

const owner = {
  email: "maria.souza@padaria.example",
  name: "Maria Souza",
  accountNames: ["Padaria São João"],
};
const refusalOf = (password: string) =>
  refuseWeakPassword(password, owner, "newPassword").then(
    () => null,
    (error: unknown) => (error instanceof InvalidInput ? error.issues : error),
  );

test.each([
  "maria.souza@padaria.example",
  "Maria Souza 2026",
  "padariasaojoao",
  "PadariaSãoJoão!1",
  "baldebaldebalde1",
  "Balde-Maria-2026",
  "souza senha 123",
  "minha maria 12!",
])("6.2.11: %j is made of words about the person and the service", async (password) => {
  expect(await refusalOf(password)).toEqual([
    { path: ["newPassword"], message: "passwordAboutYou", params: {} },
  ]);
});

test("6.2.4: a common password is refused on its field", async () => {
  expect(await refusalOf("Password1234")).toEqual([
    { path: ["newPassword"], message: "passwordCommon", params: {} },
  ]);
});

test.each(["o balde da Maria tem um furo no fundo", "uma frase bem comprida", "xQ7-souza-9vKpLm2"])(
  "6.2.5: %j may hold such a word, and is enough without it",
  async (password) => {
    expect(await refusalOf(password)).toBeNull();
  },
);

test("6.2.4: whoever takes a new password refuses weak ones first", () => {
  const takers = globSync("app/**/*.ts")
    .filter((file) => !/\.test\.ts$|passwords\/password\.ts$/.test(file))
    .map((file) => ({ file, text: readFileSync(file, "utf8") }))
    .filter(({ text }) => text.includes("hashPassword("));
  expect(takers.length).toBeGreaterThan(4);
  const lax = takers.filter(({ text }) => !text.includes("refuseWeakPassword(")).map(({ file }) => file);
  // Hashes anew what was accepted when it was chosen.
  expect(lax).toEqual(["app/domain/identity/sessions/log-in.ts"]);
});
