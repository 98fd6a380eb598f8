import { randomBytes } from "node:crypto";

/** A CPF with right check digits (Receita Federal: weights 10…2, then 11…2, modulo 11), bare. */
export function newCpf(): string {
  const digits = [...randomBytes(9)].map((byte) => byte % 10);
  for (const highest of [10, 11]) {
    const rest = digits.reduce((sum, digit, index) => sum + digit * (highest - index), 0) % 11;
    digits.push(rest < 2 ? 0 : 11 - rest);
  }
  return digits.join("");
}
