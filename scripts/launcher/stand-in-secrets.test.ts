import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keyList, secretList } from "#app/ports/environment.ts";
import { loadStandInSecrets } from "./stand-in-secrets.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "balde-secrets-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it("makes secrets once, fit for the environment, readable by their owner alone", async () => {
  const secrets = loadStandInSecrets(join(directory, "data"));
  expect(loadStandInSecrets(join(directory, "data"))).toEqual(secrets);
  expect(secretList.parse(secrets.sessionSecret)).toHaveLength(1);
  expect(keyList.parse(secrets.encryptionKey)[0]?.key).toHaveLength(32);
  expect(secrets.encryptionKey).not.toBe(secrets.auditSigningKey);
  expect(secrets.storageAdminAccessKey).toHaveLength(20);
  expect(secrets.storageAdminSecretKey).toHaveLength(40);
  expect((await stat(join(directory, "data", "secrets.json"))).mode & 0o777).toBe(0o600);
});

it("never overwrites a file that it cannot read", async () => {
  await writeFile(join(directory, "secrets.json"), "{ half");
  expect(() => loadStandInSecrets(directory)).toThrow("secrets.json cannot be read");
  expect(await readFile(join(directory, "secrets.json"), "utf8")).toBe("{ half");
});
