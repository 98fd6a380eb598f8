import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { eventually, startReconciliation } from "#tests/support/reconciliation.ts";

const engine = await startReconciliation();
const { storage } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { deleteBucket } = await import("../buckets/delete-bucket.ts");
const { removeBucket } = await import("../buckets/remove-bucket.ts");
const { revokeAccessKey } = await import("../access-keys/revoke-access-key.ts");
const { engineUser } = await import("../access-keys/engine-key.ts");
const { reconcile } = await import("./reconcile.ts");
const { requestCheck } = await import("./request-check.ts");
const { listAllFindings, listFindings } = await import("./read-findings.ts");
const { findCheck, findLastRun, listFailedChecks } = await import("./read-checks.ts");

let ours: Awaited<ReturnType<typeof engine.makeTenant>>;
beforeEach(async () => {
  ours = await engine.makeTenant();
});
afterAll(() => engine.stop());

const jobId = () => randomUUID();

describe("checking an account", () => {
  test("finds nothing where console and engine agree, and says when it looked", async () => {
    const { id } = await ours.bucket();
    await ours.key([id]);
    await ours.key();
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    expect(await findCheck(ours.owner)).toEqual({ checkedAt: expect.any(Date), hasFailed: false });
    expect(await ours.mails()).toEqual([]);
  });

  test("finds each difference once, tells the owners once, and closes what is in order again", async () => {
    const name = await ours.elsewhere.bucket();
    await ours.check();
    await ours.check();
    expect(await ours.findings()).toEqual([`bucket_only_at_engine ${name} open`]);
    expect(await ours.mails()).toHaveLength(1);

    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: name });
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    expect(await ours.findings({ state: "closed" })).toEqual([`bucket_only_at_engine ${name} disappeared`]);
    const audited = await queryAsOwner<{ details: { openedCount: number; disappearedCount: number } }>(
      "SELECT details FROM audit_event WHERE account_id = $1 AND action = 'findings:record' ORDER BY id",
      [ours.account.id],
    );
    expect(audited.map(({ details: d }) => [d.openedCount, d.disappearedCount])).toEqual([
      [1, 0],
      [0, 1],
    ]);

    await ours.elsewhere.bucket(name);
    await ours.check();
    expect(await ours.findings()).toEqual([`bucket_only_at_engine ${name} open`]);
  });

  test("two at once find it once", async () => {
    await ours.elsewhere.bucket();
    await Promise.all([ours.check(), ours.check(), ours.check()]);
    expect(await ours.findings()).toHaveLength(1);
    expect(await ours.mails()).toHaveLength(1);
  });

  test("sees every kind of change, and no secret", async () => {
    const { tenant, managementKey } = ours;
    const [lost, kept] = [await ours.bucket(), await ours.bucket()];
    const [stopped, narrowed, doubled, gone] = [
      engineUser((await ours.key([kept.id])).id),
      engineUser((await ours.key([kept.id])).id),
      engineUser((await ours.key([kept.id])).id),
      engineUser((await ours.key([kept.id])).id),
    ];
    await storage.deleteBucket({ managementKey, bucket: lost.name });
    const grant = { tenant, permission: "read_write", buckets: [kept.name] } as const;
    await storage.setAccessKeyActive({ ...grant, user: stopped, active: false });
    await storage.setAccessKeyActive({ ...grant, user: narrowed, permission: "read", active: true });
    await storage.revokeAccessKey({ tenant, user: gone });
    await ours.elsewhere.accessKeyId(doubled);
    const extra = await ours.elsewhere.accessKeyId("owner");
    await storage.setQuota({ tenant, quota: { maxSizeBytes: 5n, maxObjects: 7n } });
    const { user, secretAccessKey } = await ours.elsewhere.key();
    const bucket = await ours.elsewhere.bucket();
    await ours.check();
    expect(await ours.findings()).toEqual(
      expect.arrayContaining([
        `bucket_missing_at_engine ${lost.name} open`,
        `bucket_only_at_engine ${bucket} open`,
        `key_state_differs ${stopped} open`,
        `key_grant_differs ${narrowed} open`,
        `key_ids_differ ${doubled} open`,
        `key_missing_at_engine ${gone} open`,
        `key_only_at_engine ${user} open`,
        `owner_key_only_at_engine ${extra} open`,
        "quota_differs quota open",
      ]),
    );
    const [kept_] = await queryAsOwner<{ rows: string }>("SELECT json_agg(f)::text AS rows FROM finding f");
    expect(kept_?.rows).not.toContain(secretAccessKey);
  });

  test("says nothing of what the console is doing at the moment", async () => {
    const making = await createBucket(ours.owner, { name: await ours.elsewhere.bucket() });
    const { id } = await ours.bucket();
    await deleteBucket(ours.owner, { bucketId: id });
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    await provisionBucket(making.id, jobId());
    await removeBucket(id, jobId());
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("finds nothing while people create and delete without a pause", async () => {
    let isBusy = true;
    const work = Promise.all(
      [1, 2].map(async () => {
        while (isBusy) {
          const { id } = await ours.bucket();
          const key = await ours.key([id]);
          await deleteBucket(ours.owner, { bucketId: id });
          await removeBucket(id, jobId());
          await revokeAccessKey(ours.owner, { id: key.id });
        }
      }),
    );
    for (let round = 0; round < 12; round++) await ours.check();
    isBusy = false;
    await work;
    expect(await ours.findings()).toEqual([]);
    expect(await ours.findings({ state: "closed" })).toEqual([]);
  });

  test("a suspended account's keys should rest", async () => {
    const { id } = await ours.key();
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [ours.account.id]);
    await ours.check();
    expect(await ours.findings()).toEqual([`key_state_differs ${engineUser(id)} open`]);
    await storage.suspendTenant(ours.tenant);
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });
});

test("asked for again and again, a check is queued once", async () => {
  for (let click = 0; click < 3; click++) await requestCheck(ours.owner, {});
  const jobs = await queryAsOwner(
    "SELECT 1 FROM pgboss.job WHERE name = 'reconcile' AND data->>'accountId' = $1",
    [ours.account.id],
  );
  // Two where the clicks fell into two slots of ten seconds.
  expect(jobs.length).toBeLessThanOrEqual(2);
  expect(jobs.length).toBeGreaterThan(0);
});

describe("a run over all accounts", () => {
  const operator = () => engine.operatorIn(null);

  test("goes on past an account that fails, and shows how it went", async () => {
    const name = await ours.elsewhere.bucket();
    const broken = await engine.makeTenant();
    await queryAsOwner("UPDATE account SET engine_tenant = 'not a tenant' WHERE id = $1", [
      broken.account.id,
    ]);
    await reconcile({}, jobId());
    const { findings } = await listAllFindings(await operator(), { q: ours.account.slug });
    expect(findings).toMatchObject([{ resource: name, accountSlug: ours.account.slug }]);
    expect(await findLastRun(await operator())).toMatchObject({ failed: 1, error: null, isDead: false });
    expect(await listFailedChecks(await operator())).toMatchObject([{ slug: broken.account.slug }]);
    await queryAsOwner("UPDATE account SET state = 'closed' WHERE id = $1", [broken.account.id]);
  });

  test("one at a time; one that was cut short is taken up where it was", async () => {
    const alive = jobId();
    await queryAsOwner(
      "INSERT INTO reconciliation_run (id, started_at, progressed_at) VALUES ($1, now(), now())",
      [alive],
    );
    await ours.elsewhere.bucket();
    await reconcile({}, jobId());
    expect(await ours.findings()).toEqual([]);
    expect(await findLastRun(await operator())).toMatchObject({ finishedAt: null, accounts: 0 });

    // Its own job again, after a crash that it had come far before.
    await queryAsOwner("UPDATE reconciliation_run SET last_account_id = $2 WHERE id = $1", [
      alive,
      "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]);
    await reconcile({}, alive);
    expect(await findLastRun(await operator())).toMatchObject({ finishedAt: expect.any(Date), accounts: 0 });
  });

  test("one that is dead stands in nobody's way", async () => {
    await queryAsOwner(
      `INSERT INTO reconciliation_run (id, started_at, progressed_at)
       VALUES ($1, now(), now() - interval '6 minutes')`,
      [jobId()],
    );
    expect(await findLastRun(await operator())).toMatchObject({ isDead: true });
    await ours.elsewhere.bucket();
    await reconcile({}, jobId());
    expect(await ours.findings()).toHaveLength(1);
    expect(await findLastRun(await operator())).toMatchObject({ isDead: false, error: null });
  });

  test("ends early where the engine is down, and says so; what was found before stays", async () => {
    await ours.elsewhere.bucket();
    await ours.check();
    await engine.store.kill();
    await expect(reconcile({}, jobId())).rejects.toMatchObject({ code: "unavailable" });
    expect(await findLastRun(await operator())).toMatchObject({
      finishedAt: expect.any(Date),
      error: expect.stringContaining("unavailable"),
    });
    expect((await listFindings(ours.owner, {})).findings).toHaveLength(1);
    await engine.store.start();
    await eventually(() => reconcile({}, jobId()));
    expect(await findLastRun(await operator())).toMatchObject({ error: null });
  });
});
