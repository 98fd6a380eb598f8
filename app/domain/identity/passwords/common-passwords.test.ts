import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newToken } from "../token.ts";
import { isCommonPassword } from "./common-passwords.ts";

describe("6.2.4: a common password", () => {
  test.each([
    "123456789012",
    "1234567890123",
    "password1234",
    "Password2024!",
    "p4ssw0rd2024",
    "P@$$w0rd!!!!",
    "!!!password!!!",
    "passwordpassword",
    "iloveyou2026!",
    "administrator",
    "qwertyuiop123",
    "qwertyuiopasdf",
    "poiuytrewqlkj",
    "1qaz2wsx3edc",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "12341234123412341234",
    "minhasenha123",
    "Flamengo1981!!",
    "deus é fiel 2026".replaceAll(" ", ""),
    "corinthians2012",
    "            ",
  ])("%j is one", (password) => expect(isCommonPassword(password)).toBe(true));
});

describe("6.2.5: whatever else it is made of is its owner's choice", () => {
  test.each([
    "correct horse battery staple",
    "uma frase bem comprida",
    "so lower case letters only here",
    "830194726501",
    "çã 🪣 é meu balde de tinta",
    "kX9#pQ2zR7!m",
    "a dragon and a password went out",
  ])("%j is none", (password) => expect(isCommonPassword(password)).toBe(false));

  test("nothing that a password manager makes is one", () => {
    for (let round = 0; round < 500; round++) expect(isCommonPassword(newToken().slice(0, 16))).toBe(false);
  });
});

test("answers for whatever is typed, at once", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 1_024 }), (password) => {
      expect(isCommonPassword(password)).toBeTypeOf("boolean");
    }),
  );
  const begun = performance.now();
  isCommonPassword("1a".repeat(512));
  isCommonPassword(`${"!".repeat(1_023)}a`);
  expect(performance.now() - begun).toBeLessThan(200);
});
