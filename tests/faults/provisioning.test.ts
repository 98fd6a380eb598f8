import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import { type FaultInstallation, startFaultInstallation } from "#tests/support/fault-installation.ts";
import {
  accountRow,
  activations,
  becomeOperator,
  insertPendingAccount,
  post,
} from "#tests/support/fault-scenario.ts";

/** Kills a part of the installation while an account is being provisioned, and waits for the rest to recover. */
describe("provisioning survives", () => {
  let installation: FaultInstallation;
  let approve: (accountId: string) => Promise<void>;

  beforeAll(async () => {
    installation = await startFaultInstallation();
    const cookie = await becomeOperator(installation);
    approve = async (accountId) => {
      const response = await post(installation, cookie, `/api/admin/accounts/${accountId}/approve`);
      expect(response.status).toBe(200);
    };
  }, 180_000);

  afterAll(() => installation?.stop());

  it.each(["worker", "object-store", "postgres"] as const)("kill -9 of the %s midway", async (victim) => {
    const accountId = await insertPendingAccount(installation, victim);

    // The engine takes the call and does not answer: whatever dies now dies in the middle.
    await installation.signal("object-store", "SIGSTOP");
    await approve(accountId);
    await expect.poll(() => isUnderWay(installation, accountId), { timeout: 20_000 }).toBe(true);
    await installation.signal(victim, "SIGKILL");
    if (victim !== "object-store") await installation.signal("object-store", "SIGCONT");

    await expect
      .poll(async () => (await accountRow(installation, accountId))?.state, {
        timeout: 90_000,
        interval: 500,
      })
      .toBe("active");
    expect(await activations(installation, accountId)).toBe(1);
    const account = await accountRow(installation, accountId);
    expect(await keysAtTheEngine(installation, accountId)).toEqual([account?.management_access_key_id]);
  });

  it("an engine that stays away for a while: the account waits, tells operators why, and recovers", async () => {
    const accountId = await insertPendingAccount(installation, "patient");
    await installation.signal("object-store", "SIGSTOP");
    await approve(accountId);
    await expect
      .poll(async () => (await accountRow(installation, accountId))?.provisioning_error, {
        timeout: 40_000,
        interval: 500,
      })
      .toMatch(/provisionTenant: unavailable/);
    expect(await accountRow(installation, accountId)).toMatchObject({ state: "approved" });

    await installation.signal("object-store", "SIGCONT");
    await expect
      .poll(async () => (await accountRow(installation, accountId))?.state, {
        timeout: 90_000,
        interval: 500,
      })
      .toBe("active");
    expect(await accountRow(installation, accountId)).toMatchObject({ provisioning_error: null });
  });
});

async function isUnderWay({ query }: FaultInstallation, accountId: string): Promise<boolean> {
  const rows = await query(
    `SELECT 1 FROM pgboss.job WHERE name = 'provision-account' AND state = 'active' AND data->>'accountId' = $1`,
    [accountId],
  );
  // Long enough that the worker has read the account and called the engine.
  if (rows.length > 0) await sleep(300);
  return rows.length > 0;
}

async function keysAtTheEngine(installation: FaultInstallation, accountId: string): Promise<string[]> {
  const driver = createCephDriver(await installation.storage());
  return (await driver.getTenant(accountId.replaceAll("-", ""))).accessKeyIds;
}
