import { Secret, URI } from "otpauth";
import { describe, expect, test } from "vitest";
import { newSecret, setupUri, stepOf } from "./totp.ts";

/** RFC 6238, appendix B: the key "12345678901234567890"; of its eight digits, the last six. */
const secret = Secret.fromUTF8("12345678901234567890").base32;
const vectors: [seconds: number, code: string][] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
];

describe("codes by time", () => {
  test.each(vectors)("at %i s: %s", (seconds, code) => {
    expect(stepOf(secret, code, seconds * 1_000)).toBe(BigInt(Math.floor(seconds / 30)));
  });

  test("the step before and the one after count, for what they are; those beside them do not", () => {
    const [seconds, code] = [1_234_567_890, "005924"];
    const step = BigInt(Math.floor(seconds / 30));
    const at = (steps: number) => stepOf(secret, code, (seconds + steps * 30) * 1_000);
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step, step, step, null]);
  });

  test.each(["", "28708", "2870822", "abcdef", "２８７０８２", "-87082"])("%j is none", (code) => {
    expect(stepOf(secret, code, 59_000)).toBeNull();
  });

  test("a new secret is 160 random bits", () => {
    const secrets = new Set(Array.from({ length: 100 }, newSecret));
    expect(secrets.size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  test("the address in the QR code says what every app assumes", () => {
    const totp = URI.parse(setupUri(secret, "joão+x@example.com"));
    expect(totp).toMatchObject({
      issuer: "Balde (localhost)",
      label: "joão+x@example.com",
      algorithm: "SHA1",
      digits: 6,
      period: 30,
    });
    expect(totp.secret.base32).toBe(secret);
  });
});
