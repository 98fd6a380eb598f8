import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password.ts";

test("verifies what it hashed, and nothing where there is no hash", async () => {
  const hashed = await hashPassword("uma senha comprida");
  expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hashed, "uma senha comprida")).toBe(true);
  expect(await verifyPassword(hashed, "uma senha comprida ")).toBe(false);
  expect(await verifyPassword(null, "no password has this hash")).toBe(false);
});

test("many at once leave threads to everything else, and all get their turn", async () => {
  let done = 0;
  const hashed = Array.from({ length: 30 }, async () => {
    await hashPassword("uma senha comprida");
    done += 1;
  });
  // Runs on the same threads as the hashing does, as the compression of pages.
  await promisify(gzip)("a page");
  expect(done).toBeLessThan(10);
  await Promise.all(hashed);
  expect(done).toBe(30);
});
