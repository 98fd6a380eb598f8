import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { closedAs, eventually, newName, startReconciliation } from "#tests/support/reconciliation.ts";
import { statusOf } from "#tests/support/storage.ts";

const engine = await startReconciliation();
const { storage } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { removeBucket } = await import("../buckets/remove-bucket.ts");
const { listBuckets } = await import("../buckets/read-buckets.ts");
const { revokeAccessKey } = await import("../access-keys/revoke-access-key.ts");
const { getAccessKey } = await import("../access-keys/read-access-keys.ts");
const { engineUser } = await import("../access-keys/engine-key.ts");
const { adoptFinding, undoFinding } = await import("./decide-finding.ts");
const { settleFinding } = await import("./settle-finding.ts");
const { getFinding, listFindings } = await import("./read-findings.ts");

let ours: Awaited<ReturnType<typeof engine.makeTenant>>;
beforeEach(async () => {
  ours = await engine.makeTenant();
});
afterAll(() => engine.stop());

/** Checks, and answers the id of the one thing that was found. */
async function onlyFinding(): Promise<string> {
  await ours.check();
  const ids = await ours.findingIds();
  expect(ids).toHaveLength(1);
  return ids[0] ?? "";
}

const reopened = (lastError: string) => ({ state: "open", outcome: null, lastError });

describe("adopting", () => {
  test("makes a bucket of the engine one of the account's, with what is in it", async () => {
    const name = await ours.elsewhere.bucket();
    const s3 = engine.client(ours.managementKey);
    await s3.put(name, "foto.jpg");
    const findingId = await onlyFinding();
    await adoptFinding(ours.owner, { findingId });
    await expect(adoptFinding(ours.owner, { findingId })).rejects.toMatchObject({ code: "already-decided" });
    expect(await getFinding(ours.owner, findingId)).toMatchObject({ state: "adopting", mayAdopt: false });
    // The queue may hand out a job twice; one that meets the other midway is tried again.
    const both = await Promise.allSettled([ours.settle(findingId), ours.settle(findingId)]);
    expect(both.map(({ status }) => status)).toContain("fulfilled");
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    expect((await listBuckets(ours.owner, {})).buckets).toMatchObject([{ name, state: "active" }]);
    expect(await s3.get(name, "foto.jpg")).toBe("olá");
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    const audited = await queryAsOwner<{ action: string; actor_kind: string }>(
      "SELECT action, actor_kind FROM audit_event WHERE resource_id = $1 AND outcome = 'succeeded' ORDER BY id",
      [findingId],
    );
    expect(audited.slice(0, 2)).toEqual([
      { action: "findings:adopt", actor_kind: "user" },
      { action: "findings:settle", actor_kind: "system" },
    ]);
  });

  test("holds to the limit of buckets; an operator may raise it with it", async () => {
    await ours.limit("buckets", 0n);
    await ours.elsewhere.bucket();
    const findingId = await onlyFinding();
    await expect(adoptFinding(ours.owner, { findingId })).rejects.toMatchObject({ code: "quota-exceeded" });
    await expect(adoptFinding(ours.owner, { findingId, raiseLimit: true })).rejects.toMatchObject({
      code: "forbidden",
    });
    await adoptFinding(ours.operator, { findingId, raiseLimit: true });
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
  });

  test("the last place is one bucket's: one created meanwhile gives the finding back", async () => {
    await ours.elsewhere.bucket();
    const findingId = await onlyFinding();
    await ours.limit("buckets", 1n);
    await adoptFinding(ours.owner, { findingId });
    await createBucket(ours.owner, { name: newName() });
    expect(await ours.settle(findingId)).toEqual(reopened("quota-exceeded"));
  });

  test("marks a bucket that is gone as deleted, and takes it out of its keys", async () => {
    const { id, name } = await ours.bucket();
    const key = await ours.key([id]);
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: name });
    const findingId = await onlyFinding();
    await adoptFinding(ours.owner, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    await removeBucket(id, randomUUID());
    expect((await listBuckets(ours.owner, {})).buckets).toEqual([]);
    expect((await getAccessKey(ours.owner, key.id)).buckets).toEqual([]);
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("a bucket that came back meanwhile is not marked as deleted", async () => {
    const { name } = await ours.bucket();
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: name });
    const findingId = await onlyFinding();
    await adoptFinding(ours.owner, { findingId });
    await ours.elsewhere.bucket(name);
    expect(await ours.settle(findingId)).toEqual(closedAs("disappeared"));
    expect((await listBuckets(ours.owner, {})).buckets).toMatchObject([{ name, state: "active" }]);
  });

  test("takes a foreign key with its grant; it works as before and can be revoked here", async () => {
    const { name } = await ours.bucket();
    await engine.client(ours.managementKey).put(name, "foto.jpg");
    const pair = await ours.elsewhere.key("backup", [name]);
    const findingId = await onlyFinding();
    await adoptFinding(ours.owner, { findingId, name: "backup noturno" });
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    const [row] = await queryAsOwner<{ id: string }>("SELECT id FROM access_key WHERE access_key_id = $1", [
      pair.accessKeyId,
    ]);
    const id = row?.id ?? "";
    expect(await getAccessKey(ours.owner, id)).toMatchObject({
      name: "backup noturno",
      permission: "read",
      state: "active",
      buckets: [{ name }],
    });
    expect(await engine.client(pair).get(name, "foto.jpg")).toBe("olá");
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    await revokeAccessKey(ours.owner, { id });
    expect(await statusOf(engine.client(pair).get(name, "foto.jpg"))).toBe(403);
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("a key for a bucket that the console does not know waits for that bucket", async () => {
    const name = await ours.elsewhere.bucket();
    await ours.elsewhere.key("backup", [name]);
    await ours.check();
    const ids = await ours.findingIds();
    const kinds = await Promise.all(ids.map(async (id) => (await getFinding(ours.owner, id)).kind));
    const [key = "", bucket = ""] = ["key_only_at_engine", "bucket_only_at_engine"].map(
      (kind) => ids[kinds.indexOf(kind as (typeof kinds)[number])],
    );
    await adoptFinding(ours.owner, { findingId: key });
    expect(await ours.settle(key)).toEqual(reopened("unknown-bucket"));
    for (const findingId of [bucket, key]) {
      await adoptFinding(ours.owner, { findingId });
      expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    }
  });

  test("a key whose policy cannot be read gets the one that the person chose", async () => {
    const { name } = await ours.bucket();
    const pair = await ours.elsewhere.user("script");
    const findingId = await onlyFinding();
    await expect(adoptFinding(ours.owner, { findingId })).rejects.toMatchObject({
      issues: [{ path: ["permission"] }],
    });
    await adoptFinding(ours.owner, { findingId, permission: "read_write" });
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    await engine.client(pair).put(name, "a.txt");
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("a revoked key that is back at the engine can only be removed", async () => {
    const key = await ours.key();
    await revokeAccessKey(ours.owner, { id: key.id });
    await ours.elsewhere.key(engineUser(key.id));
    const findingId = await onlyFinding();
    expect(await getFinding(ours.owner, findingId)).toMatchObject({ choices: { adopt: "key-revoked" } });
    await expect(adoptFinding(ours.owner, { findingId })).rejects.toMatchObject({
      code: "decision-impossible",
    });
    await undoFinding(ours.owner, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("undone"));
  });

  test("a stopped key becomes inactive, a changed grant the key's own, a lost key revoked", async () => {
    const { id, name } = await ours.bucket();
    const [stopped, narrowed, gone] = [await ours.key(), await ours.key(), await ours.key()];
    const { tenant } = ours;
    const grant = { tenant, permission: "read_write", buckets: "all" } as const;
    await storage.setAccessKeyActive({ ...grant, user: engineUser(stopped.id), active: false });
    const narrow = { ...grant, permission: "read", buckets: [name] } as const;
    await storage.setAccessKeyActive({ ...narrow, user: engineUser(narrowed.id), active: true });
    await storage.revokeAccessKey({ tenant, user: engineUser(gone.id) });
    await ours.check();
    for (const findingId of await ours.findingIds()) {
      await adoptFinding(ours.owner, { findingId });
      expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    }
    expect(await getAccessKey(ours.owner, stopped.id)).toMatchObject({ state: "inactive" });
    expect(await getAccessKey(ours.owner, narrowed.id)).toMatchObject({
      permission: "read",
      allBuckets: false,
      buckets: [{ id }],
    });
    expect(await getAccessKey(ours.owner, gone.id)).toMatchObject({ state: "revoked" });
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("an expiry that was set elsewhere becomes the key's own, or is taken back", async () => {
    const [kept, restored] = [await ours.key(), await ours.key()];
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { tenant } = ours;
    for (const { id } of [kept, restored]) {
      const grant = { permission: "read_write", buckets: "all", expiresAt } as const;
      await storage.setAccessKeyActive({ tenant, user: engineUser(id), active: true, ...grant });
    }
    await ours.check();
    for (const { id, resource } of (await listFindings(ours.owner, {})).findings) {
      const decide = resource === engineUser(kept.id) ? adoptFinding : undoFinding;
      await decide(ours.owner, { findingId: id });
      await ours.settle(id);
    }
    expect(await getAccessKey(ours.owner, kept.id)).toMatchObject({ expiresAt });
    expect(await getAccessKey(ours.owner, restored.id)).toMatchObject({ expiresAt: null });
    await ours.check();
    expect(await ours.findings()).toEqual([]);
    expect(await ours.findings({ state: "closed" })).toEqual(
      [
        `key_grant_differs ${engineUser(kept.id)} adopted`,
        `key_grant_differs ${engineUser(restored.id)} undone`,
      ].sort(),
    );
  });

  test("a quota is the provider's to take over", async () => {
    await storage.setQuota({ tenant: ours.tenant, quota: { maxSizeBytes: 4096n, maxObjects: null } });
    const findingId = await onlyFinding();
    await expect(adoptFinding(ours.owner, { findingId })).rejects.toMatchObject({ code: "forbidden" });
    await adoptFinding(ours.operator, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("adopted"));
    const [quota] = await queryAsOwner(
      "SELECT limit_value FROM quota WHERE account_id = $1 AND resource = 'storage_bytes'",
      [ours.account.id],
    );
    expect(quota).toEqual({ limit_value: "4096" });
  });

  test("what was changed again since it was shown is shown again", async () => {
    await storage.setQuota({ tenant: ours.tenant, quota: { maxSizeBytes: 4096n, maxObjects: null } });
    const findingId = await onlyFinding();
    await adoptFinding(ours.operator, { findingId });
    await storage.setQuota({ tenant: ours.tenant, quota: { maxSizeBytes: 9999n, maxObjects: null } });
    expect(await ours.settle(findingId)).toEqual(reopened("changed"));
    expect(await getFinding(ours.owner, findingId)).toMatchObject({ engineSays: { maxSizeBytes: "9999" } });
  });
});

describe("undoing", () => {
  test("removes a foreign bucket that is empty, and none that holds anything", async () => {
    const name = await ours.elsewhere.bucket();
    const s3 = engine.client(ours.managementKey);
    await s3.put(name, "foto.jpg");
    const findingId = await onlyFinding();
    await undoFinding(ours.owner, { findingId });
    expect(await ours.settle(findingId)).toEqual(reopened("bucket-not-empty"));
    expect(await s3.get(name, "foto.jpg")).toBe("olá");

    await s3.remove(name, "foto.jpg");
    await undoFinding(ours.owner, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("undone"));
    expect(await storage.headBucket({ managementKey: ours.managementKey, bucket: name })).toBe(false);
  });

  test("a bucket that was deleted and made again elsewhere is not the one that was shown", async () => {
    const name = await ours.elsewhere.bucket();
    const findingId = await onlyFinding();
    await undoFinding(ours.owner, { findingId });
    await storage.deleteBucket({ managementKey: ours.managementKey, bucket: name });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await ours.elsewhere.bucket(name);
    expect(await ours.settle(findingId)).toEqual(reopened("changed"));
  });

  test("makes a missing bucket again, and sets keys and quota back", async () => {
    const { name } = await ours.bucket();
    const key = await ours.key();
    const user = engineUser(key.id);
    const { tenant, managementKey } = ours;
    await storage.deleteBucket({ managementKey, bucket: name });
    await storage.setAccessKeyActive({ tenant, user, permission: "read", buckets: "all", active: false });
    await ours.elsewhere.accessKeyId(user);
    await ours.elsewhere.accessKeyId("owner");
    await storage.setQuota({ tenant, quota: { maxSizeBytes: null, maxObjects: null } });
    const foreign = await ours.elsewhere.key();
    await ours.check();
    // At a gateway also what the extra keys did to the policies.
    expect((await ours.findings()).length).toBeGreaterThanOrEqual(6);
    for (const findingId of await ours.findingIds()) {
      await undoFinding(ours.operator, { findingId });
      expect(await ours.settle(findingId)).toEqual(closedAs("undone"));
    }
    await engine.client(key).put(name, "foto.jpg");
    expect(await statusOf(engine.client(foreign).get(name, "foto.jpg"))).toBe(403);
    await ours.check();
    expect(await ours.findings()).toEqual([]);
  });

  test("a suspended owner works again; that is for the provider", async () => {
    await ours.elsewhere.suspend("owner");
    const findingId = await onlyFinding();
    expect(await getFinding(ours.owner, findingId)).toMatchObject({
      kind: "owner_changed",
      engineSays: { suspended: true },
      mayUndo: false,
      choices: { decidedBy: "provider" },
    });
    await expect(undoFinding(ours.owner, { findingId })).rejects.toMatchObject({ code: "forbidden" });
    await undoFinding(ours.operator, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("undone"));
    await ours.bucket();
  });

  test("a tenant that is gone is one finding, and its undoing makes it again", async () => {
    await ours.key();
    await storage.removeTenant(ours.tenant);
    const findingId = await onlyFinding();
    expect(await ours.findings()).toEqual(["tenant_missing_at_engine tenant open"]);
    await undoFinding(ours.operator, { findingId });
    expect(await ours.settle(findingId)).toEqual(closedAs("undone"));
    await ours.check();
    expect(await ours.findings()).toEqual([expect.stringContaining("key_missing_at_engine")]);
  });

  test("waits for an engine that is down, and says so meanwhile", async () => {
    await ours.elsewhere.key();
    const findingId = await onlyFinding();
    await undoFinding(ours.owner, { findingId });
    await engine.store.kill();
    await expect(settleFinding(findingId, randomUUID())).rejects.toMatchObject({ code: "unavailable" });
    expect(await getFinding(ours.owner, findingId)).toMatchObject({
      state: "undoing",
      lastError: "unavailable",
    });
    await engine.store.start();
    await eventually(async () => expect(await ours.settle(findingId)).toEqual(closedAs("undone")));
  });

  test("another account's finding does not exist, and reading is not deciding", async () => {
    await ours.elsewhere.bucket();
    const findingId = await onlyFinding();
    const theirs = await engine.makeTenant();
    for (const attempt of [getFinding(theirs.owner, findingId)])
      await expect(attempt).rejects.toMatchObject({ code: "not-found" });
    for (const decide of [adoptFinding, undoFinding])
      await expect(decide(theirs.owner, { findingId })).rejects.toMatchObject({ code: "not-found" });
    const developer = await ours.contextOf("developer");
    expect(await getFinding(developer, findingId)).toMatchObject({ mayAdopt: false, mayUndo: false });
    await expect(adoptFinding(developer, { findingId })).rejects.toMatchObject({ code: "forbidden" });

    // A suspended account's storage is set back, and not taken over.
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [ours.account.id]);
    const later = { ...ours.owner, access: { ...ours.owner.access, accountState: "suspended" as const } };
    expect(await getFinding(later, findingId)).toMatchObject({ mayAdopt: false, mayUndo: true });
    await expect(adoptFinding(later, { findingId })).rejects.toMatchObject({ code: "account-not-active" });
  });
});
