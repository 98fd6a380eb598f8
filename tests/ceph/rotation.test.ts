import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { type FaultInstallation, startFaultInstallation } from "#tests/support/fault-installation.ts";
import { becomeOperator } from "#tests/support/fault-scenario.ts";
import { startSteadyClient, type Upload } from "#tests/support/steady-client.ts";
import { type AccountAtWork, newKeyForm, openAccount, shownKey } from "./account-at-work.ts";

let installation: FaultInstallation;
let cookie: string;

beforeAll(async () => {
  installation = await startFaultInstallation();
  cookie = await becomeOperator(installation);
}, 180_000);
afterAll(() => installation?.stop());

const refused = (uploads: Upload[]) => uploads.filter(({ error }) => error !== null);

test("programs that upload without pause through a rotation see no failure before the announced end", async () => {
  const account = await openAccount(installation, cookie, "rotation");
  const bucket = "rotation-bucket";
  await account.createBucket(bucket);
  await expect
    .poll(() => installation.query("SELECT 1 FROM bucket WHERE name = $1 AND state = 'active'", [bucket]), {
      timeout: 30_000,
    })
    .toHaveLength(1);
  const old = shownKey(await account.createKey(newKeyForm("old")));
  const { endpoint, region } = await installation.storage();
  const diligent = startSteadyClient({ endpoint, region, bucket }, old);
  const missed = startSteadyClient({ endpoint, region, bucket }, old);

  const made = await rotate(account, old.id);
  const until = await bringForward(old.id, 6);
  diligent.use(made);
  await expect.poll(() => refused(missed.uploads).length, { timeout: 40_000 }).toBeGreaterThan(0);
  const [moved, left] = await Promise.all([diligent.stop(), missed.stop()]);

  expect(refused(moved)).toEqual([]);
  expect(new Set(moved.map(({ accessKeyId }) => accessKeyId))).toEqual(
    new Set([old.accessKeyId, made.accessKeyId]),
  );
  expect(refused(left.filter(({ endedAt }) => endedAt < until.getTime()))).toEqual([]);
  const [first] = refused(left);
  expect(first?.error).toMatch(/InvalidAccessKeyId|AccessDenied/);
  expect(first?.startedAt).toBeLessThan(until.getTime() + 5_000);
  const ended = "SELECT 1 FROM access_key_rotation WHERE old_key_id = $1 AND state = 'finished'";
  await expect.poll(() => installation.query(ended, [old.id]), { timeout: 10_000 }).toHaveLength(1);

  // What this engine cannot do, the page says.
  const page = await fetch(`${installation.console}${keyPage(account, made.id)}`, {
    headers: { Cookie: cookie, "Accept-Language": "en" },
  });
  expect(await page.text()).toContain("The storage does not tell");
});

const keyPage = ({ slug }: AccountAtWork, id: string) => `/accounts/${slug}/access-keys/${id}`;

/** Starts to replace a key by its form; answers the new one, as the page shows it. */
async function rotate(account: AccountAtWork, id: string): Promise<AccessKeyPair & { id: string }> {
  const page = await fetch(`${installation.console}${keyPage(account, id)}/rotation`, {
    method: "POST",
    headers: { Cookie: cookie, Origin: installation.console },
    body: new URLSearchParams({ name: "new", overlap: "1", requestId: randomUUID() }),
  });
  expect(page.status).toBe(201);
  const text = await page.text();
  const accessKeyId = /BLD[A-Z0-9]{17}/.exec(text)?.[0] ?? "";
  const [row] = await installation.query<{ id: string }>(
    "SELECT id FROM access_key WHERE access_key_id = $1",
    [accessKeyId],
  );
  return { id: row?.id ?? "", accessKeyId, secretAccessKey: /\b[A-Za-z0-9]{40}\b/.exec(text)?.[0] ?? "" };
}

/** Brings the announced end forward, and the job that waits for it: days become seconds. */
async function bringForward(oldKeyId: string, seconds: number): Promise<Date> {
  const [rotation] = await installation.query<{ before: Date; until: Date }>(
    `UPDATE access_key_rotation r SET until = now() + $2::int * interval '1 second'
     FROM access_key_rotation was WHERE was.id = r.id AND r.old_key_id = $1
     RETURNING was.until AS before, r.until`,
    [oldKeyId, seconds],
  );
  if (!rotation) throw new Error("the key is in no rotation");
  await installation.query(
    "UPDATE pgboss.job SET start_after = $2 WHERE name = 'settle-rotations' AND start_after = $1",
    [rotation.before, rotation.until],
  );
  return rotation.until;
}
