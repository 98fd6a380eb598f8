import { randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { createCephDriver } from "#app/ports/storage/ceph/driver.ts";
import { type EngineConfig, sendAdminRequest } from "#app/ports/storage/ceph/signed-request.ts";
import type { AccessKeyPair, StorageDriver, TenantQuota, UsageHour } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

export interface TestEngine {
  /** With a region other than us-east-1, so that the suite sees what the SDK does for those. */
  config: EngineConfig;
  stop(): Promise<void>;
}

const UNLIMITED: TenantQuota = { maxSizeBytes: null, maxObjects: null };
const HOUR_MS = 3_600_000;

/**
 * What an engine behind the storage port must do, told by the driver and by the plain S3 client that a tenant
 * would use. An engine is fit for Balde when this suite passes on it.
 *
 * @param start starts the engine, or finds it; called once.
 */
export function describeStorageEngine(name: string, start: () => Promise<TestEngine>): void {
  describe(`storage driver on ${name}`, () => {
    let engine: TestEngine;
    let driver: StorageDriver;

    beforeAll(async () => {
      engine = await start();
      driver = createCephDriver(engine.config);
    });
    afterAll(() => engine?.stop());

    /** A tenant of its own for each test, so that none sees another's. */
    async function newTenant(quota = UNLIMITED) {
      const tenant = `t${randomBytes(8).toString("hex")}`;
      const managementKey = generateAccessKey();
      await driver.provisionTenant({ tenant, displayName: "Padaria São João", managementKey, quota });
      return { tenant, managementKey, manager: client(managementKey) };
    }

    async function newTenantWithBucket(quota = UNLIMITED) {
      const owner = await newTenant(quota);
      const bucket = bucketName();
      await driver.createBucket({ managementKey: owner.managementKey, bucket });
      return { ...owner, bucket };
    }

    async function newKey(
      tenant: string,
      grant: { permission?: "read" | "read_write"; buckets?: string[] | "all" } = {},
    ) {
      const user = `key-${randomBytes(6).toString("hex")}`;
      const pair = generateAccessKey();
      await driver.createAccessKey({
        tenant,
        user,
        ...pair,
        permission: "read_write",
        buckets: "all",
        ...grant,
      });
      return { user, pair, s3: client(pair) };
    }

    /** A tenant's own client: default settings, but for the address. */
    function client(credentials: AccessKeyPair): S3Client {
      const { endpoint, region } = engine.config;
      return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    }

    test("is healthy and says what it can do", async () => {
      const { latencyMs } = await driver.checkHealth();
      expect(latencyMs).toBeGreaterThan(0);
      expect(await driver.capabilities()).toMatchObject({ tenancy: "tenant-users" });
    });

    test("denies a wrong admin key, without quoting it", async () => {
      const adminKey = { ...engine.config.adminKey, secretAccessKey: generateAccessKey().secretAccessKey };
      const impostor = createCephDriver({ ...engine.config, adminKey });
      const error = await impostor.checkHealth().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "StorageError", code: "denied", retryable: false });
      expectNoSecrets(error, adminKey);
    });

    describe("tenants", () => {
      test("provisioning creates owner, key and quota, and again changes nothing", async () => {
        const quota = { maxSizeBytes: 5_000_000_000n, maxObjects: 1_000n };
        const { tenant, managementKey } = await newTenant(quota);
        const wanted = {
          tenant,
          displayName: "Padaria São João",
          quota,
          accessKeyIds: [managementKey.accessKeyId],
        };
        expect(await driver.getTenant(tenant)).toEqual(wanted);

        await driver.provisionTenant({ tenant, displayName: "Padaria São João", managementKey, quota });
        expect(await driver.getTenant(tenant)).toEqual(wanted);
        expect(await driver.listBuckets({ managementKey })).toEqual([]);
      });

      test("the same provisioning ten times at once makes one tenant with one key", async () => {
        const tenant = `t${randomBytes(8).toString("hex")}`;
        const managementKey = generateAccessKey();
        const input = { tenant, displayName: "À moda & 'cia' (1*)", managementKey, quota: UNLIMITED };
        const attempts = await Promise.allSettled(
          Array.from({ length: 10 }, () => driver.provisionTenant(input)),
        );
        // The engine may refuse some that met; a job would try those again.
        for (const attempt of attempts) {
          if (attempt.status === "rejected") expect(attempt.reason).toMatchObject({ retryable: true });
        }
        await driver.provisionTenant(input);

        expect(await driver.getTenant(tenant)).toEqual({
          tenant,
          displayName: input.displayName,
          quota: UNLIMITED,
          accessKeyIds: [managementKey.accessKeyId],
        });
        const bucket = bucketName();
        await driver.createBucket({ managementKey, bucket });
        expect(await bucketNames(managementKey)).toEqual([bucket]);
      });

      test("provisioning completes what a crash left, and removes a key of the engine's making", async () => {
        const tenant = `t${randomBytes(8).toString("hex")}`;
        await sendAdminRequest(engine.config, startCall("test"), {
          method: "PUT",
          path: "/admin/user",
          service: "s3",
          // Without a pair the engine makes one.
          query: { uid: `${tenant}$owner`, "display-name": "half-made" },
        });
        expect((await driver.getTenant(tenant)).accessKeyIds).toHaveLength(1);

        const managementKey = generateAccessKey();
        const quota = { maxSizeBytes: 1_000_000n, maxObjects: null };
        await driver.provisionTenant({ tenant, displayName: "whole", managementKey, quota });
        expect(await driver.getTenant(tenant)).toEqual({
          tenant,
          displayName: "whole",
          quota,
          accessKeyIds: [managementKey.accessKeyId],
        });

        const bucket = bucketName();
        await driver.createBucket({ managementKey, bucket });
        const { s3 } = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
        expect(await objectText(client(managementKey), bucket, "k")).toBe("x");
      });

      test("provisioning after an attempt with another key leaves the new key alone", async () => {
        const { tenant, managementKey: firstKey } = await newTenant();
        const secondKey = generateAccessKey();
        await driver.provisionTenant({
          tenant,
          displayName: "x",
          managementKey: secondKey,
          quota: UNLIMITED,
        });

        expect((await driver.getTenant(tenant)).accessKeyIds).toEqual([secondKey.accessKeyId]);
        expect(await driver.listBuckets({ managementKey: secondKey })).toEqual([]);
        await expect(driver.listBuckets({ managementKey: firstKey })).rejects.toMatchObject({
          code: "denied",
        });
      });

      test("provisioning with a known key id and a new secret replaces the secret", async () => {
        const { tenant, managementKey } = await newTenant();
        const renewed = { ...managementKey, secretAccessKey: generateAccessKey().secretAccessKey };
        await driver.provisionTenant({ tenant, displayName: "x", managementKey: renewed, quota: UNLIMITED });

        expect(await driver.listBuckets({ managementKey: renewed })).toEqual([]);
        await expect(driver.listBuckets({ managementKey })).rejects.toMatchObject({ code: "denied" });
      });

      test("a key id that another tenant has is refused, and no tenant is left behind", async () => {
        const { managementKey } = await newTenant();
        const tenant = `t${randomBytes(8).toString("hex")}`;
        const error = await driver
          .provisionTenant({ tenant, displayName: "x", managementKey, quota: UNLIMITED })
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "already-exists", retryable: false });
        expectNoSecrets(error, managementKey);
        await expect(driver.getTenant(tenant)).rejects.toMatchObject({ code: "not-found" });
      });

      test("the quota can be changed and lifted", async () => {
        const { tenant } = await newTenant({ maxSizeBytes: 1n, maxObjects: null });
        await driver.setQuota({ tenant, quota: { maxSizeBytes: 10_000_001n, maxObjects: 7n } });
        expect((await driver.getTenant(tenant)).quota).toEqual({ maxSizeBytes: 10_000_001n, maxObjects: 7n });
        await driver.setQuota({ tenant, quota: UNLIMITED });
        expect((await driver.getTenant(tenant)).quota).toEqual(UNLIMITED);
        await expect(driver.setQuota({ tenant: "nobody", quota: UNLIMITED })).rejects.toMatchObject({
          code: "not-found",
        });
      });

      test("a write over the quota is refused and the rest still works", async () => {
        const { tenant, bucket } = await newTenantWithBucket({ maxSizeBytes: 100_000n, maxObjects: null });
        const { s3 } = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "fits", Body: Buffer.alloc(60_000) }));
        const tooMuch = new PutObjectCommand({ Bucket: bucket, Key: "over", Body: Buffer.alloc(60_000) });
        expect(await failure(s3.send(tooMuch))).toEqual({ status: 403, code: "QuotaExceeded" });
        expect(await objectKeys(s3, bucket)).toEqual(["fits"]);

        await driver.setQuota({ tenant, quota: { maxSizeBytes: 1_000_000n, maxObjects: null } });
        await eventually(async () => {
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "over", Body: Buffer.alloc(60_000) }));
        });
      });

      test("a limit of objects is kept too", async () => {
        const { tenant, bucket } = await newTenantWithBucket({ maxSizeBytes: null, maxObjects: 2n });
        const { s3 } = await newKey(tenant);
        for (const Key of ["1", "2"]) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
        const third = new PutObjectCommand({ Bucket: bucket, Key: "3", Body: "3" });
        expect(await failure(s3.send(third))).toEqual({ status: 403, code: "QuotaExceeded" });
      });

      test("suspending stops the keys, not the management key; resuming wakes those named", async () => {
        const { tenant, managementKey, manager, bucket } = await newTenantWithBucket();
        const other = await newTenantWithBucket();
        const otherKey = await newKey(other.tenant);
        const first = await newKey(tenant);
        const second = await newKey(tenant);

        await driver.suspendTenant(tenant);
        await driver.suspendTenant(tenant);
        for (const { s3 } of [first, second]) {
          const refused = await failure(s3.send(new ListObjectsV2Command({ Bucket: bucket })));
          expect(refused.status).toBe(403);
        }
        expect(await bucketNames(managementKey)).toEqual([bucket]);
        await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "by-console", Body: "x" }));
        expect(await objectKeys(otherKey.s3, other.bucket)).toEqual([]);

        const awake = { user: first.user, permission: "read", buckets: "all" } as const;
        await driver.resumeTenant({ tenant, keys: [awake] });
        await driver.resumeTenant({ tenant, keys: [{ ...awake, user: "gone" }, awake] });
        expect(await objectKeys(first.s3, bucket)).toEqual(["by-console"]);
        const write = new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" });
        expect((await failure(first.s3.send(write))).status).toBe(403);
        expect((await failure(second.s3.send(new ListObjectsV2Command({ Bucket: bucket })))).status).toBe(
          403,
        );
      });

      test("removing refuses while there is a bucket, and then leaves nothing", async () => {
        const { tenant, managementKey, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant);
        await expect(driver.removeTenant(tenant)).rejects.toMatchObject({ code: "bucket-not-empty" });
        expect(await objectKeys(s3, bucket)).toEqual([]);

        await driver.deleteBucket({ managementKey, bucket });
        await driver.removeTenant(tenant);
        await driver.removeTenant(tenant);
        await expect(driver.getTenant(tenant)).rejects.toMatchObject({ code: "not-found" });
        expect(await driver.listAccessKeys(tenant)).toEqual([]);
        await expect(driver.listBuckets({ managementKey })).rejects.toMatchObject({ code: "denied" });
        expect((await failure(s3.send(new ListBucketsCommand({})))).status).toBe(403);
      });
    });

    describe("buckets", () => {
      test("creating and deleting twice is as good as once", async () => {
        const { managementKey } = await newTenant();
        const bucket = bucketName();
        expect(await driver.headBucket({ managementKey, bucket })).toBe(false);

        await driver.createBucket({ managementKey, bucket });
        await driver.createBucket({ managementKey, bucket });
        expect(await driver.headBucket({ managementKey, bucket })).toBe(true);
        const [listed] = await driver.listBuckets({ managementKey });
        expect(listed?.name).toBe(bucket);
        expect(Math.abs(Date.now() - (listed?.createdAt.getTime() ?? 0))).toBeLessThan(60_000);

        await driver.deleteBucket({ managementKey, bucket });
        await driver.deleteBucket({ managementKey, bucket });
        expect(await driver.headBucket({ managementKey, bucket })).toBe(false);
        expect(await driver.listBuckets({ managementKey })).toEqual([]);
      });

      test("creating the same bucket ten times at once makes one", async () => {
        const { managementKey } = await newTenant();
        const bucket = bucketName();
        await Promise.all(Array.from({ length: 10 }, () => driver.createBucket({ managementKey, bucket })));
        expect(await bucketNames(managementKey)).toEqual([bucket]);
      });

      test("a bucket with an object is not deleted, and keeps the object", async () => {
        const { managementKey, manager, bucket } = await newTenantWithBucket();
        await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "kept", Body: "x" }));
        await expect(driver.deleteBucket({ managementKey, bucket })).rejects.toMatchObject({
          code: "bucket-not-empty",
          retryable: false,
        });
        expect(await objectKeys(manager, bucket)).toEqual(["kept"]);
      });

      test("two tenants may have buckets of one name, each with its own objects", async () => {
        const one = await newTenantWithBucket();
        const two = await newTenant();
        await driver.createBucket({ managementKey: two.managementKey, bucket: one.bucket });
        await one.manager.send(new PutObjectCommand({ Bucket: one.bucket, Key: "of-one", Body: "1" }));
        expect(await objectKeys(two.manager, one.bucket)).toEqual([]);
      });

      test("their sizes are known, one by one and together", async () => {
        const { tenant, managementKey, manager, bucket } = await newTenantWithBucket();
        const empty = bucketName();
        await driver.createBucket({ managementKey, bucket: empty });
        for (const [Key, size] of [["a", 1_000] as const, ["b/c", 234] as const]) {
          await manager.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(size) }));
        }
        const full = { bucket, sizeBytes: 1_234n, objectCount: 2n };
        await eventually(async () => expect(await driver.bucketStats({ tenant, bucket })).toEqual([full]));
        expect(await driver.bucketStats({ tenant })).toEqual(
          [full, { bucket: empty, sizeBytes: 0n, objectCount: 0n }].sort((a, b) =>
            a.bucket < b.bucket ? -1 : 1,
          ),
        );
        await expect(driver.bucketStats({ tenant, bucket: "no-such-bucket" })).rejects.toMatchObject({
          code: "not-found",
        });
        expect(await driver.bucketStats({ tenant: "nobody" })).toEqual([]);
      });
    });

    describe("access keys", () => {
      test("a read-write key writes, reads, lists and deletes objects", async () => {
        const { tenant, manager, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant);
        const Key = "relatórios/março +1.txt";
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "olá" }));
        expect(await objectText(s3, bucket, Key)).toBe("olá");
        expect(await objectKeys(s3, bucket)).toEqual([Key]);
        await s3.send(new HeadBucketCommand({ Bucket: bucket }));
        await s3.send(new GetBucketLocationCommand({ Bucket: bucket }));
        // The console reads what a key wrote, though another user of the engine owns it.
        expect(await objectText(manager, bucket, Key)).toBe("olá");
        await driver.setQuota({ tenant, quota: { maxSizeBytes: 1_000_000n, maxObjects: null } });
        expect(await objectText(manager, bucket, Key)).toBe("olá");
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
        expect(await objectKeys(s3, bucket)).toEqual([]);
      });

      test("a read key reads what others wrote and changes nothing", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const writer = await newKey(tenant);
        const reader = await newKey(tenant, { permission: "read" });
        await writer.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "before" }));

        expect(await objectText(reader.s3, bucket, "k")).toBe("before");
        expect(await objectKeys(reader.s3, bucket)).toEqual(["k"]);
        await reader.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "k" }));
        for (const command of [
          new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "after" }),
          new PutObjectCommand({ Bucket: bucket, Key: "new", Body: "x" }),
        ]) {
          expect(await failure(reader.s3.send(command))).toEqual({ status: 403, code: "AccessDenied" });
        }
        const deletion = new DeleteObjectCommand({ Bucket: bucket, Key: "k" });
        expect(await failure(reader.s3.send(deletion))).toEqual({ status: 403, code: "AccessDenied" });
        expect(await objectText(writer.s3, bucket, "k")).toBe("before");
        expect(await objectKeys(writer.s3, bucket)).toEqual(["k"]);
      });

      test("a key for one bucket cannot touch another, one whose name begins alike included", async () => {
        const { tenant, managementKey, manager, bucket } = await newTenantWithBucket();
        const other = `${bucket}2`;
        await driver.createBucket({ managementKey, bucket: other });
        await manager.send(new PutObjectCommand({ Bucket: other, Key: "k", Body: "x" }));
        const { s3 } = await newKey(tenant, { buckets: [bucket] });

        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
        const denied = { status: 403, code: "AccessDenied" };
        expect(await failure(s3.send(new GetObjectCommand({ Bucket: other, Key: "k" })))).toEqual(denied);
        expect(await failure(s3.send(new ListObjectsV2Command({ Bucket: other })))).toEqual(denied);
        const write = new PutObjectCommand({ Bucket: other, Key: "k", Body: "y" });
        expect(await failure(s3.send(write))).toEqual(denied);
        expect(await objectText(manager, other, "k")).toBe("x");
      });

      test("a key for no bucket can do nothing", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant, { buckets: [] });
        expect((await failure(s3.send(new ListObjectsV2Command({ Bucket: bucket })))).status).toBe(403);
      });

      test("no key creates, deletes or configures buckets", async () => {
        const { tenant, managementKey, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant);
        const made = bucketName();
        const creation = await failure(s3.send(new CreateBucketCommand({ Bucket: made })));
        expect(creation.status).toBeGreaterThanOrEqual(400);
        const deletion = await failure(s3.send(new DeleteBucketCommand({ Bucket: bucket })));
        expect(deletion).toEqual({ status: 403, code: "AccessDenied" });

        // Versioning as an example of bucket settings; a policy would be the way to more rights. 501 where the
        // engine has no such setting at all.
        const versioning = { Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } } as const;
        const settings = await failure(s3.send(new PutBucketVersioningCommand(versioning)));
        expect([403, 501]).toContain(settings.status);
        const policy = { Bucket: bucket, Policy: allowAll(bucket) };
        expect([403, 501]).toContain((await failure(s3.send(new PutBucketPolicyCommand(policy)))).status);
        expect(await bucketNames(managementKey)).toEqual([bucket]);
      });

      test("no key makes objects public", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
        const url = new URL(`/${bucket}/k`, engine.config.endpoint);
        expect([403, 404]).toContain((await fetch(url)).status);
        const everyone = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
        const object = { Bucket: bucket, Key: "k", Body: "x" } as const;
        // Refused or ignored; either way, nobody else reads it.
        await failure(s3.send(new PutObjectCommand({ ...object, ACL: "public-read" })));
        await failure(s3.send(new PutObjectCommand({ ...object, GrantRead: everyone })));
        const acl = new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL: "public-read" });
        expect([403, 501]).toContain((await failure(s3.send(acl))).status);
        const tenantUrl = new URL(`/${tenant}:${bucket}/k`, engine.config.endpoint);
        for (const address of [url, tenantUrl]) expect((await fetch(address)).ok).toBe(false);
      });

      test("no key, and no management key, reaches another tenant", async () => {
        const victim = await newTenantWithBucket();
        await victim.manager.send(new PutObjectCommand({ Bucket: victim.bucket, Key: "secret", Body: "x" }));
        const attacker = await newTenant();
        const { s3 } = await newKey(attacker.tenant);
        const named = await newKey(attacker.tenant, { buckets: [victim.bucket] });
        for (const intruder of [s3, named.s3, attacker.manager]) {
          // Ceph lets a name say whose bucket is meant.
          for (const Bucket of [victim.bucket, `${victim.tenant}:${victim.bucket}`]) {
            for (const attempt of [
              () => intruder.send(new GetObjectCommand({ Bucket, Key: "secret" })),
              () => intruder.send(new PutObjectCommand({ Bucket, Key: "secret", Body: "y" })),
              () => intruder.send(new ListObjectsV2Command({ Bucket })),
            ]) {
              expect([400, 403, 404]).toContain((await failure(attempt())).status);
            }
          }
        }
        expect(await objectText(victim.manager, victim.bucket, "secret")).toBe("x");
      });

      test("creating again sets permission and buckets anew and keeps one key", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const { user, pair, s3 } = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

        const again = { tenant, user, ...pair, permission: "read", buckets: [bucket] } as const;
        await Promise.all([1, 2, 3].map(() => driver.createAccessKey({ ...again })));
        expect(await objectText(s3, bucket, "k")).toBe("x");
        const write = new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "y" });
        expect((await failure(s3.send(write))).status).toBe(403);
        expect(await driver.listAccessKeys(tenant)).toEqual([
          { user, accessKeyIds: [pair.accessKeyId], active: true },
        ]);

        // Not even what it wrote itself, which makes it the object's owner on some engines.
        await driver.createAccessKey({ ...again, buckets: [] });
        const read = new GetObjectCommand({ Bucket: bucket, Key: "k" });
        expect((await failure(s3.send(read))).status).toBe(403);
      });

      test("an inactive key is refused at once, stays so when created again, and works when active", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const { user, pair, s3 } = await newKey(tenant);
        const list = () => s3.send(new ListObjectsV2Command({ Bucket: bucket }));
        await list();

        const grant = { tenant, user, permission: "read_write", buckets: "all" } as const;
        await driver.setAccessKeyActive({ ...grant, active: false });
        await driver.setAccessKeyActive({ ...grant, active: false });
        expect((await failure(list())).status).toBe(403);
        await driver.createAccessKey({ ...grant, ...pair });
        expect((await failure(list())).status).toBe(403);
        expect(await driver.listAccessKeys(tenant)).toMatchObject([{ user, active: false }]);

        await driver.setAccessKeyActive({ ...grant, active: true });
        await driver.setAccessKeyActive({ ...grant, active: true });
        await list();
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
        await expect(
          driver.setAccessKeyActive({ ...grant, user: "no-such-key", active: true }),
        ).rejects.toMatchObject({ code: "not-found" });
      });

      test("a revoked key gets 403 from the same client, twice revoked or once; its objects stay", async () => {
        const { tenant, manager, bucket } = await newTenantWithBucket();
        const { user, s3 } = await newKey(tenant);
        const other = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

        const presigned = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: "k" }));
        expect(await (await fetch(presigned)).text()).toBe("x");

        await driver.revokeAccessKey({ tenant, user });
        await driver.revokeAccessKey({ tenant, user });
        expect((await fetch(presigned)).status).toBe(403);
        const read = new GetObjectCommand({ Bucket: bucket, Key: "k" });
        expect((await failure(s3.send(read))).status).toBe(403);
        expect(await objectText(other.s3, bucket, "k")).toBe("x");
        expect(await objectText(manager, bucket, "k")).toBe("x");
        expect(await driver.listAccessKeys(tenant)).toMatchObject([{ user: other.user }]);
      });

      test("a key needs a tenant, and an id of its own", async () => {
        const key = { user: "key-1", permission: "read", buckets: "all" } as const;
        const pair = generateAccessKey();
        await expect(driver.createAccessKey({ tenant: "nobody", ...key, ...pair })).rejects.toMatchObject({
          code: "not-found",
        });
        expect(await driver.listAccessKeys("nobody")).toEqual([]);

        const { tenant, managementKey } = await newTenant();
        const error = await driver
          .createAccessKey({ tenant, ...key, ...managementKey })
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: "already-exists" });
        expectNoSecrets(error, managementKey);
        expect(await driver.listAccessKeys(tenant)).toEqual([]);
      });
    });

    describe("usage", () => {
      test("counts requests and bytes per bucket, refused requests apart", async () => {
        const { tenant, managementKey, bucket } = await newTenantWithBucket();
        const quiet = bucketName();
        await driver.createBucket({ managementKey, bucket: quiet });
        const writer = await newKey(tenant);
        const reader = await newKey(tenant, { permission: "read" });
        const put = (Key: string, size: number) =>
          new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(size) });
        await writer.s3.send(put("a", 1_000));
        await writer.s3.send(put("b", 2_500));
        for (const Key of ["a", "b", "b"]) await objectText(reader.s3, bucket, Key);
        await reader.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "a" }));
        await writer.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a" }));
        await failure(reader.s3.send(put("refused", 10)));

        const wanted = { readRequests: 4n, writeRequests: 3n };
        await eventually(async () => {
          const tenantHours = await hours(tenant, "tenant");
          expect(sum(tenantHours.filter((row) => row.bucket === bucket))).toMatchObject(wanted);
        });
        const [total, rows] = [sum(await hours(tenant, "tenant")), await hours(tenant, "tenant")];
        // Bodies alone, but for a few bytes that some engines count with them (chunk framing, refused bodies).
        expect(Number(total.ingressBytes)).toBeGreaterThanOrEqual(3_500);
        expect(Number(total.ingressBytes)).toBeLessThan(3_500 + 1_500);
        expect(Number(total.egressBytes)).toBeGreaterThanOrEqual(6_000);
        expect(Number(total.egressBytes)).toBeLessThan(6_000 + 1_500);
        expect(new Set(rows.map((row) => row.bucket))).toEqual(new Set([bucket]));
        for (const row of rows) expect(row.hour.getTime() % HOUR_MS).toBe(0);

        const management = await hours(tenant, "management");
        expect(management.some((row) => row.bucket === quiet && row.writeRequests >= 1n)).toBe(true);
      });

      test("the end is exclusive, and whoever is not there used nothing", async () => {
        const { tenant, bucket } = await newTenantWithBucket();
        const { s3 } = await newKey(tenant);
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
        await eventually(async () => expect(await hours(tenant, "tenant")).not.toEqual([]));
        const [row] = await hours(tenant, "tenant");
        const hour = row?.hour ?? new Date(0);

        const before = { from: new Date(hour.getTime() - HOUR_MS), to: hour };
        expect(await driver.usage({ tenant, ...before })).toEqual([]);
        const within = { from: hour, to: new Date(hour.getTime() + HOUR_MS) };
        expect(await driver.usage({ tenant, ...within })).not.toEqual([]);
        expect(await driver.usage({ tenant: "nobody", ...within })).toEqual([]);
        await expect(driver.usage({ tenant, from: new Date(1), to: hour })).rejects.toThrow(TypeError);
      });

      test("the console's own objects are told apart where the engine can", async () => {
        const { tenant, manager, bucket } = await newTenantWithBucket();
        const { managementTraffic } = await driver.capabilities();
        await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: Buffer.alloc(5_000) }));
        const side = managementTraffic === "all" ? "management" : "tenant";
        await eventually(async () => {
          expect(Number(sum(await hours(tenant, side)).ingressBytes)).toBeGreaterThanOrEqual(5_000);
        });
        if (managementTraffic === "all") expect(await hours(tenant, "tenant")).toEqual([]);
      });

      async function hours(tenant: string, traffic: UsageHour["traffic"]): Promise<UsageHour[]> {
        const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
        // An hour back too: the test may begin just before the full hour.
        const range = { from: new Date(thisHour - HOUR_MS), to: new Date(thisHour + HOUR_MS) };
        return (await driver.usage({ tenant, ...range })).filter((row) => row.traffic === traffic);
      }
    });

    async function bucketNames(managementKey: AccessKeyPair): Promise<string[]> {
      return (await driver.listBuckets({ managementKey })).map((bucket) => bucket.name);
    }
  });
}

function bucketName(): string {
  return `b-${randomBytes(6).toString("hex")}`;
}

function allowAll(bucket: string): string {
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: [`arn:aws:s3:::${bucket}/*`] },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

async function objectText(s3: S3Client, bucket: string, key: string): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await object.Body?.transformToString()) ?? "";
}

async function objectKeys(s3: S3Client, bucket: string): Promise<string[]> {
  const list = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return (list.Contents ?? []).map((object) => object.Key ?? "");
}

/** How a request that must fail did. */
async function failure(request: Promise<unknown>): Promise<{ status: number | undefined; code: string }> {
  const error = await request.then(
    () => undefined,
    (thrown: S3ServiceException) => thrown,
  );
  return { status: error?.$metadata?.httpStatusCode, code: error?.name ?? "no error" };
}

function sum(rows: UsageHour[]) {
  const total = { readRequests: 0n, writeRequests: 0n, ingressBytes: 0n, egressBytes: 0n };
  for (const row of rows) {
    total.readRequests += row.readRequests;
    total.writeRequests += row.writeRequests;
    total.ingressBytes += row.ingressBytes;
    total.egressBytes += row.egressBytes;
  }
  return total;
}

/** Waits for what an engine settles a little later: usage logs, cached statistics and quotas. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Neither in what the error says of itself nor in what a logger would print of it. */
function expectNoSecrets(error: unknown, key: AccessKeyPair): void {
  expect(error).toBeInstanceOf(Error);
  const { message, stack, cause } = error as Error;
  const printed = [message, stack, String(cause), JSON.stringify(error)].join("\n");
  expect(printed).not.toContain(key.secretAccessKey);
}
