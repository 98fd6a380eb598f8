import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, test } from "vitest";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { newName, startReconciliation } from "#tests/support/reconciliation.ts";

const engine = await startReconciliation();
const { storage } = engine;
const { contextOf } = await import("#tests/support/contexts.ts");
const { makeAccount, makeMember } = await import("#tests/support/scenario.ts");
const { readManagementKey } = await import("../accounts/engine-tenant.ts");
const { listBuckets } = await import("../buckets/read-buckets.ts");
const { collectUsage } = await import("../usage/collect-usage.ts");
const { adoptTenant } = await import("./adopt-tenant.ts");
const { importTenant } = await import("./import-tenant.ts");
const { listFindings } = await import("./read-findings.ts");
const { findTenantShown, listFreeTenants, mayAdoptTenant } = await import("./read-tenants.ts");

afterAll(() => engine.stop());

const newTenant = () => `acme_${randomUUID().slice(0, 8)}`;

const runImport = (accountId: string) => importTenant(accountId, randomUUID(), { pauseMs: 1 });

/** A tenant that somebody set up by hand, in the way the console does it, with programs at work in it. */
async function existingTenant() {
  const tenant = newTenant();
  const ownerKey = generateAccessKey();
  const quota = { maxSizeBytes: null, maxObjects: null };
  await storage.provisionTenant({ tenant, displayName: "Acme", managementKey: ownerKey, quota });
  const bucket = newName();
  await storage.createBucket({ managementKey: ownerKey, bucket });
  await engine.client(ownerKey).put(bucket, "foto.jpg");
  const app = generateAccessKey();
  await storage.createAccessKey({ tenant, user: "app", permission: "read", buckets: [bucket], ...app });
  return { tenant, ownerKey, bucket, app };
}

/** An account in that state, with contexts to act in. */
async function accountIn(state: "pending" | "active") {
  const account = await makeAccount({ state });
  const { id } = await makeMember(account, "owner");
  return {
    id: account.id,
    owner: await contextOf(id, account.id),
    operator: await engine.operatorIn(account.id),
  };
}
const stateOf = async (id: string) =>
  (await queryAsOwner<{ state: string }>("SELECT state FROM account WHERE id = $1", [id]))[0]?.state;
const findingsOf = async (context: Parameters<typeof listFindings>[0]) =>
  (await listFindings(context, {})).findings.map(({ kind, resource }) => `${kind} ${resource}`).sort();

describe("tying an account to a tenant of the engine", () => {
  test("its buckets become the account's; its keys and quota stay and are findings", async () => {
    const { tenant, ownerKey, bucket, app } = await existingTenant();
    const account = await accountIn("pending");
    expect(await mayAdoptTenant(account.operator)).toBe(true);
    expect((await listFreeTenants(account.operator, { q: tenant })).tenants).toEqual([
      { tenant, userCount: 1 },
    ]);
    expect(await findTenantShown(account.operator, tenant)).toMatchObject({
      displayName: "Acme",
      buckets: [bucket],
      users: ["app"],
      ownerKeyCount: 1,
    });
    await adoptTenant(account.operator, { tenant });
    expect(await stateOf(account.id)).toBe("approved");
    // The queue may hand out a job twice.
    await Promise.all([runImport(account.id), runImport(account.id)]);
    await runImport(account.id);

    expect(await stateOf(account.id)).toBe("active");
    expect((await listBuckets(account.owner, {})).buckets).toMatchObject([{ name: bucket, state: "active" }]);
    expect(await findingsOf(account.owner)).toEqual([
      "key_only_at_engine app",
      `owner_key_only_at_engine ${ownerKey.accessKeyId}`,
      "quota_differs quota",
    ]);
    for (const key of [ownerKey, app, await readManagementKey(account.id)])
      expect(await engine.client(key).get(bucket, "foto.jpg")).toBe("olá");
    expect((await listFreeTenants(account.operator, { q: tenant })).tenants).toEqual([]);
    expect(await mayAdoptTenant(account.operator)).toBe(false);

    await collectUsage({ accountId: account.id });
    const measured = await queryAsOwner<{ quantity: string }>(
      "SELECT quantity FROM usage_record WHERE account_id = $1 AND bucket = $2 AND metric = 'objects'",
      [account.id, bucket],
    );
    expect(measured).toEqual([{ quantity: "1" }]);
  });

  test("one that has no owner yet gets one, who takes over its buckets", async () => {
    const tenant = newTenant();
    const alice = await engine.makeEngineUser(`${tenant}$alice`);
    const bucket = newName();
    await makeBucketAs(alice, bucket);
    const account = await accountIn("pending");
    await adoptTenant(account.operator, { tenant });
    await runImport(account.id);
    expect((await listBuckets(account.owner, {})).buckets).toMatchObject([{ name: bucket }]);
    expect(await findingsOf(account.owner)).toEqual(expect.arrayContaining(["key_only_at_engine alice"]));
    const { buckets } = await storage.tenantState({ tenant });
    expect(buckets).toMatchObject([{ name: bucket, ownerUser: "owner" }]);
  });

  test("an active account with nothing in it changes over, and leaves no tenant behind", async () => {
    const { tenant, bucket } = await existingTenant();
    const made = await engine.makeTenant();
    await adoptTenant(made.operator, { tenant });
    await runImport(made.account.id);
    expect((await listBuckets(made.owner, {})).buckets).toMatchObject([{ name: bucket }]);
    await expect(storage.getTenant(made.tenant)).rejects.toMatchObject({ code: "not-found" });
  });

  test("refuses an account in use, a tenant that is another's, and one that is not there", async () => {
    const { tenant } = await existingTenant();
    const used = await engine.makeTenant();
    await used.bucket();
    await expect(adoptTenant(used.operator, { tenant })).rejects.toMatchObject({ code: "account-in-use" });

    const [one, two] = [await accountIn("pending"), await accountIn("pending")];
    const attempts = await Promise.allSettled(
      [one, two].map(({ operator }) => adoptTenant(operator, { tenant })),
    );
    expect(attempts.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(attempts.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "tenant-taken" },
    });
    const third = await accountIn("pending");
    await expect(adoptTenant(third.operator, { tenant: used.tenant })).rejects.toMatchObject({
      code: "tenant-taken",
    });
    await expect(adoptTenant(third.operator, { tenant: "nobody" })).rejects.toMatchObject({
      code: "tenant-unknown",
    });
    expect(await stateOf(third.id)).toBe("pending");
  });

  test("more buckets than the account may have need a larger limit", async () => {
    const { tenant, ownerKey } = await existingTenant();
    await storage.createBucket({ managementKey: ownerKey, bucket: newName() });
    const account = await accountIn("pending");
    await queryAsOwner("UPDATE quota SET limit_value = 1 WHERE account_id = $1", [account.id]);
    await expect(adoptTenant(account.operator, { tenant })).rejects.toMatchObject({ code: "quota-exceeded" });
    expect(await stateOf(account.id)).toBe("pending");
    await adoptTenant(account.operator, { tenant, raiseLimit: true });
    await runImport(account.id);
    expect((await listBuckets(account.owner, {})).buckets).toHaveLength(2);
  });
});

async function makeBucketAs(credentials: AccessKeyPair, bucket: string): Promise<void> {
  const { endpoint, region } = engine.store;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
}
