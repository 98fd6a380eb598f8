/**
 * CPF and CNPJ, the latter alphanumeric since July 2026.
 * Source: Receita Federal, IN RFB 2.229/2024 and the published check-digit rules.
 */

const cpfPattern = /^[0-9]{11}$/;
const cnpjPattern = /^[0-9A-Z]{12}[0-9]{2}$/;

/** Drops the mask (`.`, `-`, `/`, spaces) and upper-cases; what else was typed stays and fails the check. */
export function normalizeDocument(typed: string): string {
  return typed.replace(/[.\-/ ]/g, "").toUpperCase();
}

/** True for a CPF (11 digits) or CNPJ (14 characters) whose check digits are right. Takes it bare. */
export function isValidDocument(document: string): boolean {
  if (cpfPattern.test(document)) return !isRepeated(document) && hasCheckDigits(document, 9, 11);
  if (cnpjPattern.test(document)) return document !== "0".repeat(14) && hasCheckDigits(document, 12, 9);
  return false;
}

/** `000.000.000-00` or `SS.SSS.SSS/SSSS-NN`. Takes it bare. */
export function formatDocument(document: string): string {
  return document.length === 11
    ? document.replace(/^(.{3})(.{3})(.{3})(.{2})$/, "$1.$2.$3-$4")
    : document.replace(/^(.{2})(.{3})(.{3})(.{4})(.{2})$/, "$1.$2.$3/$4-$5");
}

function hasCheckDigits(document: string, bodyLength: number, highestWeight: number): boolean {
  const body = document.slice(0, bodyLength);
  const first = checkDigit(body, highestWeight);
  const second = checkDigit(body + first, highestWeight);
  return document.slice(bodyLength) === `${first}${second}`;
}

/** Weights rise from 2 at the right and start again at 2 after the highest. */
function checkDigit(characters: string, highestWeight: number): number {
  let sum = 0;
  let weight = 2;
  for (const character of [...characters].reverse()) {
    // A digit is worth itself and a letter its ASCII code less 48: A is 17.
    sum += (character.charCodeAt(0) - 48) * weight;
    weight = weight === highestWeight ? 2 : weight + 1;
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

function isRepeated(document: string): boolean {
  return new Set(document).size === 1;
}
