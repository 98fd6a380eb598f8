import { describe, expect, test } from "vitest";
import { decrypt, encrypt, hasKeyFor, newestKeyId } from "./encryption.server.ts";
import { env } from "./env.server.ts";

const context = "account:1:management-key";

describe("what is encrypted", () => {
  test("opens again, is another text each time, and names the newest key", () => {
    const [one, other] = [encrypt("segredo", context), encrypt("segredo", context)];
    expect(one).not.toBe(other);
    expect(one.startsWith(`${newestKeyId()}.`)).toBe(true);
    expect(one).not.toContain("segredo");
    expect(decrypt(one, context)).toBe("segredo");
  });

  test("does not open as another account's", () => {
    expect(() => decrypt(encrypt("segredo", context), "account:2:management-key")).toThrow(
      "unable to authenticate",
    );
  });

  test("does not open once a bit of it was changed, or its tag was cut short", () => {
    const [id = "", iv = "", tag = "", text = ""] = encrypt("segredo", context).split(".");
    const flipped = Buffer.from(text, "base64url");
    flipped.writeUInt8(flipped.readUInt8(0) ^ 1, 0);
    expect(() => decrypt([id, iv, tag, flipped.toString("base64url")].join("."), context)).toThrow(
      "unable to authenticate",
    );
    const short = Buffer.from(tag, "base64url").subarray(0, 4).toString("base64url");
    expect(() => decrypt([id, iv, short, text].join("."), context)).toThrow(
      "Invalid authentication tag length",
    );
  });

  test("does not open without its key", () => {
    const sealed = encrypt("segredo", context);
    const before = env.ENCRYPTION_KEYS;
    env.ENCRYPTION_KEYS = [{ id: "other", key: Buffer.alloc(32, 7) }];
    try {
      expect(hasKeyFor(sealed)).toBe(false);
      expect(() => decrypt(sealed, context)).toThrow("no encryption key test");
    } finally {
      env.ENCRYPTION_KEYS = before;
    }
  });
});
