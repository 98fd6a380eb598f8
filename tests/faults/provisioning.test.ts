import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import { type FaultInstallation, startFaultInstallation } from "#tests/support/fault-installation.ts";

/** Kills a part of the installation while an account is being provisioned, and waits for the rest to recover. */
describe("provisioning survives", () => {
  let installation: FaultInstallation;
  let approve: (accountId: string) => Promise<void>;

  beforeAll(async () => {
    installation = await startFaultInstallation();
    const cookie = await becomeOperator(installation);
    approve = async (accountId) => {
      const response = await fetch(`${installation.console}/api/admin/accounts/${accountId}/approve`, {
        method: "POST",
        headers: { Cookie: cookie, Origin: installation.console },
      });
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
      .poll(() => stateOf(installation, accountId), { timeout: 90_000, interval: 500 })
      .toBe("active");
    expect(await activations(installation, accountId)).toBe(1);
    expect(await keysAtTheEngine(installation, accountId)).toEqual([
      await managementKeyOf(installation, accountId),
    ]);
  });

  it("an engine that stays away for a while: the account waits, tells operators why, and recovers", async () => {
    const accountId = await insertPendingAccount(installation, "patient");
    await installation.signal("object-store", "SIGSTOP");
    await approve(accountId);
    await expect
      .poll(() => errorOf(installation, accountId), { timeout: 40_000, interval: 500 })
      .toMatch(/provisionTenant: unavailable/);
    expect(await stateOf(installation, accountId)).toBe("approved");

    await installation.signal("object-store", "SIGCONT");
    await expect
      .poll(() => stateOf(installation, accountId), { timeout: 90_000, interval: 500 })
      .toBe("active");
    expect(await errorOf(installation, accountId)).toBeNull();
  });
});

async function becomeOperator(installation: FaultInstallation): Promise<string> {
  const link = await installation.operatorLink();
  const response = await fetch(link, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: installation.console },
    body: new URLSearchParams({ name: "Op", email: "op@example.com", password: "a long enough password" }),
  });
  expect(response.status).toBe(302);
  const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith("session="));
  return session?.split(";")[0] ?? "";
}

/** Documents with right check digits, one for each account. */
const documents: Record<string, string> = {
  worker: "52998224725",
  "object-store": "11144477735",
  postgres: "12ABC34501DE35",
  patient: "90021382000122",
};

async function insertPendingAccount({ query }: FaultInstallation, name: string): Promise<string> {
  const [row] = await query<{ id: string }>(
    `INSERT INTO account (id, slug, name, document) VALUES (gen_random_uuid(), $1, $1, $2) RETURNING id`,
    [name, documents[name]],
  );
  return row?.id ?? "";
}

async function isUnderWay({ query }: FaultInstallation, accountId: string): Promise<boolean> {
  const rows = await query(
    `SELECT 1 FROM pgboss.job WHERE name = 'provision-account' AND state = 'active' AND data->>'accountId' = $1`,
    [accountId],
  );
  // Long enough that the worker has read the account and called the engine.
  if (rows.length > 0) await sleep(300);
  return rows.length > 0;
}

async function stateOf(installation: FaultInstallation, accountId: string) {
  return (await accountRow(installation, accountId))?.state;
}

async function errorOf(installation: FaultInstallation, accountId: string) {
  return (await accountRow(installation, accountId))?.provisioning_error;
}

async function managementKeyOf(installation: FaultInstallation, accountId: string) {
  return (await accountRow(installation, accountId))?.management_access_key_id;
}

/** Undefined while the database is down. */
async function accountRow({ query }: FaultInstallation, accountId: string) {
  const rows = await query<{
    state: string;
    provisioning_error: string | null;
    management_access_key_id: string;
  }>("SELECT state, provisioning_error, management_access_key_id FROM account WHERE id = $1", [
    accountId,
  ]).catch(() => []);
  return rows[0];
}

async function activations({ query }: FaultInstallation, accountId: string): Promise<number> {
  const rows = await query(
    `SELECT 1 FROM audit_event WHERE action = 'accounts:activate' AND account_id = $1 AND details ? 'after'`,
    [accountId],
  );
  return rows.length;
}

async function keysAtTheEngine(installation: FaultInstallation, accountId: string): Promise<string[]> {
  const driver = createCephDriver(await installation.storage());
  return (await driver.getTenant(accountId.replaceAll("-", ""))).accessKeyIds;
}
