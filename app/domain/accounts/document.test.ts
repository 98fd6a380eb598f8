import fc from "fast-check";
import jsBrasil from "js-brasil";
import { describe, expect, it } from "vitest";
import { formatDocument, isValidDocument, normalizeDocument } from "./document.ts";

const oracle = jsBrasil.validateBr as Record<"cpf" | "cnpj", (value: string) => boolean>;

const accepts = (typed: string) => isValidDocument(normalizeDocument(typed));

describe("CPF and CNPJ", () => {
  it.each([
    "12.ABC.345/01DE-35",
    "12.abc.345/01de-35",
    "ABCDEFGHIJKL80",
    "R55231B3000757",
    "00000000000191",
    "90.021.382/0001-22",
    "529.982.247-25",
    " 111.444.777-35 ",
  ])("accepts %s", (typed) => expect(accepts(typed)).toBe(true));

  it.each([
    "00000000000000",
    "0000000000019L",
    "00000000000192",
    "ABCDEFGHIJKL62",
    "0000000000019",
    "000000000001911",
    "529a98224725",
    "111.111.111-11",
    "529.982.247-26",
    "５２９98224725",
    "",
  ])("refuses %s", (typed) => expect(accepts(typed)).toBe(false));

  it("agrees with js-brasil on random digits", () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
    fc.assert(
      fc.property(digits(11), (cpf) => isValidDocument(cpf) === oracle.cpf(cpf)),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(digits(14), (cnpj) => isValidDocument(cnpj) === oracle.cnpj(cnpj)),
      { numRuns: 2_000 },
    );
  });

  it("has exactly one pair of check digits for each body", () => {
    const body = fc.stringMatching(/^[0-9A-Z]{12}$/).filter((text) => text !== "0".repeat(12));
    fc.assert(
      fc.property(body, (text) => {
        const pairs = Array.from({ length: 100 }, (_, n) => text + String(n).padStart(2, "0"));
        return pairs.filter(isValidDocument).length === 1;
      }),
    );
  });

  it("formats with the mask", () => {
    expect(formatDocument("52998224725")).toBe("529.982.247-25");
    expect(formatDocument("12ABC34501DE35")).toBe("12.ABC.345/01DE-35");
  });
});
