import { randomBytes } from "node:crypto";
import { ListBucketsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { sendAdminRequest } from "#app/ports/storage/ceph/signed-request.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import {
  bucketName,
  eventually,
  expectNoSecrets,
  failure,
  objectKeys,
  objectText,
  type Scenario,
  UNLIMITED,
} from "./scenario.ts";

export function describeTenants(scenario: Scenario): void {
  describe("tenants", () => {
    test("provisioning creates owner, key and quota, and again changes nothing", async () => {
      const quota = { maxSizeBytes: 5_000_000_000n, maxObjects: 1_000n };
      const { tenant, managementKey } = await scenario.newTenant(quota);
      const wanted = {
        tenant,
        displayName: "Padaria São João",
        quota,
        accessKeyIds: [managementKey.accessKeyId],
      };
      expect(await scenario.driver.getTenant(tenant)).toEqual(wanted);

      await scenario.driver.provisionTenant({
        tenant,
        displayName: "Padaria São João",
        managementKey,
        quota,
      });
      expect(await scenario.driver.getTenant(tenant)).toEqual(wanted);
      expect(await scenario.driver.listBuckets({ managementKey })).toEqual([]);
    });

    test("the same provisioning ten times at once makes one tenant with one key", async () => {
      const tenant = `t${randomBytes(8).toString("hex")}`;
      const managementKey = generateAccessKey();
      const input = { tenant, displayName: "À moda & 'cia' (1*)", managementKey, quota: UNLIMITED };
      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, () => scenario.driver.provisionTenant(input)),
      );
      // The engine may refuse some that met; a job would try those again.
      for (const attempt of attempts) {
        if (attempt.status === "rejected") expect(attempt.reason).toMatchObject({ retryable: true });
      }
      await scenario.driver.provisionTenant(input);

      expect(await scenario.driver.getTenant(tenant)).toEqual({
        tenant,
        displayName: input.displayName,
        quota: UNLIMITED,
        accessKeyIds: [managementKey.accessKeyId],
      });
      const bucket = bucketName();
      await scenario.driver.createBucket({ managementKey, bucket });
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
    });

    test("provisioning completes what a crash left, and removes a key of the engine's making", async () => {
      const tenant = `t${randomBytes(8).toString("hex")}`;
      await sendAdminRequest(scenario.config, startCall("test"), {
        method: "PUT",
        path: "/admin/user",
        service: "s3",
        // Without a pair the engine makes one.
        query: { uid: `${tenant}$owner`, "display-name": "half-made" },
      });
      expect((await scenario.driver.getTenant(tenant)).accessKeyIds).toHaveLength(1);

      const managementKey = generateAccessKey();
      const quota = { maxSizeBytes: 1_000_000n, maxObjects: null };
      await scenario.driver.provisionTenant({ tenant, displayName: "whole", managementKey, quota });
      expect(await scenario.driver.getTenant(tenant)).toEqual({
        tenant,
        displayName: "whole",
        quota,
        accessKeyIds: [managementKey.accessKeyId],
      });

      const bucket = bucketName();
      await scenario.driver.createBucket({ managementKey, bucket });
      const { s3 } = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      expect(await objectText(scenario.client(managementKey), bucket, "k")).toBe("x");
    });

    test("provisioning after an attempt with another key leaves the new key alone", async () => {
      const { tenant, managementKey: firstKey } = await scenario.newTenant();
      const secondKey = generateAccessKey();
      await scenario.driver.provisionTenant({
        tenant,
        displayName: "x",
        managementKey: secondKey,
        quota: UNLIMITED,
      });

      expect((await scenario.driver.getTenant(tenant)).accessKeyIds).toEqual([secondKey.accessKeyId]);
      expect(await scenario.driver.listBuckets({ managementKey: secondKey })).toEqual([]);
      await expect(scenario.driver.listBuckets({ managementKey: firstKey })).rejects.toMatchObject({
        code: "denied",
      });
    });

    test("provisioning with a known key id and a new secret replaces the secret", async () => {
      const { tenant, managementKey } = await scenario.newTenant();
      const renewed = { ...managementKey, secretAccessKey: generateAccessKey().secretAccessKey };
      await scenario.driver.provisionTenant({
        tenant,
        displayName: "x",
        managementKey: renewed,
        quota: UNLIMITED,
      });

      expect(await scenario.driver.listBuckets({ managementKey: renewed })).toEqual([]);
      await expect(scenario.driver.listBuckets({ managementKey })).rejects.toMatchObject({ code: "denied" });
    });

    test("a key id that another tenant has is refused, and no tenant is left behind", async () => {
      const { managementKey } = await scenario.newTenant();
      const tenant = `t${randomBytes(8).toString("hex")}`;
      const error = await scenario.driver
        .provisionTenant({ tenant, displayName: "x", managementKey, quota: UNLIMITED })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "already-exists", retryable: false });
      expectNoSecrets(error, managementKey);
      await expect(scenario.driver.getTenant(tenant)).rejects.toMatchObject({ code: "not-found" });
    });

    test("the quota can be changed and lifted", async () => {
      const { tenant } = await scenario.newTenant({ maxSizeBytes: 1n, maxObjects: null });
      await scenario.driver.setQuota({ tenant, quota: { maxSizeBytes: 10_000_001n, maxObjects: 7n } });
      expect((await scenario.driver.getTenant(tenant)).quota).toEqual({
        maxSizeBytes: 10_000_001n,
        maxObjects: 7n,
      });
      await scenario.driver.setQuota({ tenant, quota: UNLIMITED });
      expect((await scenario.driver.getTenant(tenant)).quota).toEqual(UNLIMITED);
      await expect(scenario.driver.setQuota({ tenant: "nobody", quota: UNLIMITED })).rejects.toMatchObject({
        code: "not-found",
      });
    });

    test("a write over the quota is refused and the rest still works", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket({
        maxSizeBytes: 100_000n,
        maxObjects: null,
      });
      const { s3 } = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "fits", Body: Buffer.alloc(60_000) }));
      const tooMuch = new PutObjectCommand({ Bucket: bucket, Key: "over", Body: Buffer.alloc(60_000) });
      expect(await failure(s3.send(tooMuch))).toEqual({ status: 403, code: "QuotaExceeded" });
      expect(await objectKeys(s3, bucket)).toEqual(["fits"]);

      await scenario.driver.setQuota({ tenant, quota: { maxSizeBytes: 1_000_000n, maxObjects: null } });
      await eventually(async () => {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "over", Body: Buffer.alloc(60_000) }));
      });
    });

    test("a limit of objects is kept too", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket({ maxSizeBytes: null, maxObjects: 2n });
      const { s3 } = await scenario.newKey(tenant);
      for (const Key of ["1", "2"]) await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
      const third = new PutObjectCommand({ Bucket: bucket, Key: "3", Body: "3" });
      expect(await failure(s3.send(third))).toEqual({ status: 403, code: "QuotaExceeded" });
    });

    test("suspending stops the keys, not the management key; resuming wakes those named", async () => {
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      const other = await scenario.newTenantWithBucket();
      const otherKey = await scenario.newKey(other.tenant);
      const first = await scenario.newKey(tenant);
      const second = await scenario.newKey(tenant);

      await scenario.driver.suspendTenant(tenant);
      await scenario.driver.suspendTenant(tenant);
      for (const { s3 } of [first, second]) {
        const refused = await failure(s3.send(new ListObjectsV2Command({ Bucket: bucket })));
        expect(refused.status).toBe(403);
      }
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
      await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "by-console", Body: "x" }));
      expect(await objectKeys(otherKey.s3, other.bucket)).toEqual([]);

      const awake = { user: first.user, permission: "read", buckets: "all" } as const;
      await scenario.driver.resumeTenant({ tenant, keys: [awake] });
      await scenario.driver.resumeTenant({ tenant, keys: [{ ...awake, user: "gone" }, awake] });
      expect(await objectKeys(first.s3, bucket)).toEqual(["by-console"]);
      const write = new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" });
      expect((await failure(first.s3.send(write))).status).toBe(403);
      expect((await failure(second.s3.send(new ListObjectsV2Command({ Bucket: bucket })))).status).toBe(403);
    });

    test("removing refuses while there is a bucket, and then leaves nothing", async () => {
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant);
      await expect(scenario.driver.removeTenant(tenant)).rejects.toMatchObject({ code: "bucket-not-empty" });
      expect(await objectKeys(s3, bucket)).toEqual([]);

      await scenario.driver.deleteBucket({ managementKey, bucket });
      await scenario.driver.removeTenant(tenant);
      await scenario.driver.removeTenant(tenant);
      await expect(scenario.driver.getTenant(tenant)).rejects.toMatchObject({ code: "not-found" });
      expect(await scenario.driver.listAccessKeys(tenant)).toEqual([]);
      await expect(scenario.driver.listBuckets({ managementKey })).rejects.toMatchObject({ code: "denied" });
      expect((await failure(s3.send(new ListBucketsCommand({})))).status).toBe(403);
    });
  });
}
