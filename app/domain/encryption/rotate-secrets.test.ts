import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KeyWithId } from "#app/ports/environment.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { env } = await import("#app/ports/env.server.ts");
const { contextOf } = await import("#tests/support/contexts.ts");
const { giveSecondFactor, makeAccount, makeUser, secondFactorSecret } = await import(
  "#tests/support/scenario.ts"
);
const { approveAccount } = await import("../accounts/approve-account.ts");
const { provisionAccount } = await import("../accounts/provision-account.ts");
const { newManagementKey, readManagementKey } = await import("../accounts/engine-tenant.ts");
const { managementSecrets } = await import("../accounts/management-secrets.ts");
const { openSecret } = await import("../identity/second-factor/secret.ts");
const { secondFactorSecrets } = await import("../identity/second-factor/second-factor-secrets.ts");
const { rotateSecrets } = await import("./rotate-secrets.ts");

const rotateAll = (onProgress?: Parameters<typeof rotateSecrets>[1]) =>
  rotateSecrets([managementSecrets, secondFactorSecrets], onProgress);

afterAll(() => engine.stop());

const newKey = (id: string): KeyWithId => ({ id, key: randomBytes(32) });
let old: KeyWithId;
let fresh: KeyWithId;
/** As a start with these settings reads them. */
const restartWith = (...keys: KeyWithId[]) => {
  env.ENCRYPTION_KEYS = keys;
};
const first = env.ENCRYPTION_KEYS;

beforeEach(async () => {
  await queryAsOwner("UPDATE account SET management_secret_encrypted = NULL");
  await queryAsOwner("DELETE FROM second_factor");
  [old, fresh] = [newKey("k1"), newKey("k2")];
  restartWith(old);
});
afterEach(() => restartWith(...first));

/** Accounts whose keys work at the engine, approved under the present settings. */
const makeTenants = (count: number) => Promise.all(Array.from({ length: count }, () => engine.makeTenant()));
const encryptedOf = async (accountId: string) => {
  const [row] = await queryAsOwner<{ encrypted: string }>(
    "SELECT management_secret_encrypted AS encrypted FROM account WHERE id = $1",
    [accountId],
  );
  return row?.encrypted ?? "";
};
const worksAtEngine = async (accountId: string) =>
  engine.storage.listBuckets({ managementKey: await readManagementKey(accountId) });

describe("rotating the key that encrypts secrets", () => {
  test("encrypts all anew; afterwards the old key may go, and running again does nothing", async () => {
    const tenants = await makeTenants(5);
    restartWith(fresh, old);
    const seen: number[] = [];
    const result = await rotateAll(({ remaining }) => seen.push(remaining));
    expect(result).toEqual({ rotated: 5, remaining: 0, unreadable: [] });
    expect([seen.at(0), seen.at(-1)]).toEqual([5, 0]);
    expect(await rotateAll()).toMatchObject({ rotated: 0, remaining: 0 });

    restartWith(fresh);
    for (const { account, managementKey } of tenants) {
      expect(await encryptedOf(account.id)).toMatch(/^k2\./);
      expect(await readManagementKey(account.id)).toEqual(managementKey);
      await worksAtEngine(account.id);
    }
  });

  test("goes on while accounts are approved and provisioned, and loses none of their keys", async () => {
    const operator = (await makeUser({ providerRole: "operator" })).id;
    const pending = await Promise.all(Array.from({ length: 8 }, () => makeAccount({ state: "pending" })));
    await makeTenants(4);
    const approve = async ({ id }: { id: string }) => {
      await approveAccount(await contextOf(operator, id), {});
      await provisionAccount(id, crypto.randomUUID());
    };
    // Half of them by processes that have not been restarted yet.
    await Promise.all(pending.slice(0, 4).map(approve));
    restartWith(fresh, old);
    await Promise.all([rotateAll(), rotateAll(), ...pending.slice(4).map(approve)]);
    expect(await rotateAll()).toMatchObject({ remaining: 0, unreadable: [] });
    restartWith(fresh);
    for (const { id } of pending) await worksAtEngine(id);
  });

  test("leaves alone a key that was replaced since it was read", async () => {
    const [tenant] = await makeTenants(1);
    const id = tenant?.account.id ?? "";
    restartWith(fresh, old);
    const replacement = newManagementKey(id);
    const other = new pg.Client(process.env.MIGRATION_DATABASE_URL);
    await other.connect();
    try {
      // Holds the row, so that the rotation has read it and waits for it.
      await other.query("BEGIN");
      await other.query("UPDATE account SET management_secret_encrypted = $2 WHERE id = $1", [
        id,
        replacement.managementSecretEncrypted,
      ]);
      const rotating = rotateAll();
      await waitForLock();
      await other.query("COMMIT");
      expect(await rotating).toMatchObject({ rotated: 0, remaining: 0 });
    } finally {
      await other.end();
    }
    expect(await encryptedOf(id)).toBe(replacement.managementSecretEncrypted);
  });

  test("refuses a value that is another account's, and goes on with the others", async () => {
    const [one, other] = await makeTenants(2);
    const [id, otherId] = [one?.account.id ?? "", other?.account.id ?? ""];
    await queryAsOwner("UPDATE account SET management_secret_encrypted = $2 WHERE id = $1", [
      id,
      await encryptedOf(otherId),
    ]);
    restartWith(fresh, old);
    expect(await rotateAll()).toEqual({
      rotated: 1,
      remaining: 1,
      unreadable: [{ owner: "account", id, reason: "damaged" }],
    });
    await expect(readManagementKey(id)).rejects.toThrow("unable to authenticate data");
    await worksAtEngine(otherId);
  });
});

describe("second factors", () => {
  const encryptedFactorOf = async (userId: string) => {
    const [row] = await queryAsOwner<{ encrypted: string }>(
      "SELECT secret_encrypted AS encrypted FROM second_factor WHERE user_id = $1",
      [userId],
    );
    return row?.encrypted ?? "";
  };

  test("are encrypted anew with the rest, batch after batch", async () => {
    const [tenant] = await makeTenants(1);
    const users = await Promise.all(Array.from({ length: 205 }, () => makeUser()));
    for (const user of users) await giveSecondFactor(user);
    restartWith(fresh, old);
    expect(await rotateAll()).toEqual({ rotated: 206, remaining: 0, unreadable: [] });
    restartWith(fresh);
    expect(await encryptedOf(tenant?.account.id ?? "")).toMatch(/^k2\./);
    for (const { id } of users) {
      expect(await encryptedFactorOf(id)).toMatch(/^k2\./);
      expect(openSecret(await encryptedFactorOf(id), id)).toBe(secondFactorSecret);
    }
  });

  test("one that is another person's is left and named", async () => {
    const [one, other] = [await makeUser(), await makeUser()];
    await giveSecondFactor(one);
    await giveSecondFactor(other);
    await queryAsOwner("UPDATE second_factor SET secret_encrypted = $2 WHERE user_id = $1", [
      one.id,
      await encryptedFactorOf(other.id),
    ]);
    restartWith(fresh, old);
    expect(await rotateAll()).toEqual({
      rotated: 1,
      remaining: 1,
      unreadable: [{ owner: "user", id: one.id, reason: "damaged" }],
    });
  });
});

describe("npm run keys:rotate-encryption", () => {
  const keyList = (...keys: KeyWithId[]) =>
    keys.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");
  const run = (keys: string) =>
    promisify(execFile)(process.execPath, ["scripts/keys-rotate-encryption.ts"], {
      env: { ...process.env, ENCRYPTION_KEYS: keys },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        stdout,
        stderr,
      }),
    );

  test("says how far it is, and ends with 0 once nothing is left", async () => {
    await makeTenants(1);
    await giveSecondFactor(await makeUser());
    const { code, stdout } = await run(keyList(fresh, old));
    expect(stdout).toContain("0 encrypted anew, 2 to go\n");
    expect(stdout).toContain("2 encrypted anew, 0 to go\n");
    expect(stdout).toContain("Done: 2 encrypted anew.");
    expect(code).toBe(0);
  });

  test("names the account whose key is not in the list, and ends with 1", async () => {
    const [lost] = await makeTenants(1);
    restartWith(fresh);
    await makeTenants(1);
    const { code, stdout, stderr } = await run(keyList(newKey("k3"), fresh));
    expect(stderr).toContain(`account ${lost?.account.id}: no key of ENCRYPTION_KEYS has the id`);
    expect(stdout).toContain("Not done: 1 are left");
    expect(stdout + stderr).not.toContain(old.key.toString("base64"));
    expect(code).toBe(1);
  });
});

async function waitForLock(): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const waiting = await queryAsOwner(
      "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()",
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("nobody waits for the row");
}
