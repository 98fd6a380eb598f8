import { CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { bucketName, eventually, failure, objectKeys, objectText, type Scenario } from "./scenario.ts";

export function describeBuckets(scenario: Scenario): void {
  describe("buckets", () => {
    test("creating and deleting twice is as good as once", async () => {
      const { managementKey } = await scenario.newTenant();
      const bucket = bucketName();
      expect(await scenario.driver.headBucket({ managementKey, bucket })).toBe(false);

      await scenario.driver.createBucket({ managementKey, bucket });
      await scenario.driver.createBucket({ managementKey, bucket });
      expect(await scenario.driver.headBucket({ managementKey, bucket })).toBe(true);
      const [listed] = await scenario.driver.listBuckets({ managementKey });
      expect(listed?.name).toBe(bucket);
      expect(Math.abs(Date.now() - (listed?.createdAt.getTime() ?? 0))).toBeLessThan(60_000);

      await scenario.driver.deleteBucket({ managementKey, bucket });
      await scenario.driver.deleteBucket({ managementKey, bucket });
      expect(await scenario.driver.headBucket({ managementKey, bucket })).toBe(false);
      expect(await scenario.driver.listBuckets({ managementKey })).toEqual([]);
    });

    test("creating the same bucket ten times at once makes one", async () => {
      const { managementKey } = await scenario.newTenant();
      const bucket = bucketName();
      await Promise.all(
        Array.from({ length: 10 }, () => scenario.driver.createBucket({ managementKey, bucket })),
      );
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
    });

    test("a bucket with an object is not deleted, and keeps the object", async () => {
      const { managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "kept", Body: "x" }));
      await expect(scenario.driver.deleteBucket({ managementKey, bucket })).rejects.toMatchObject({
        code: "bucket-not-empty",
        retryable: false,
      });
      expect(await objectKeys(manager, bucket)).toEqual(["kept"]);
    });

    test("two tenants may have buckets of one name, each with its own objects", async () => {
      const one = await scenario.newTenantWithBucket();
      const two = await scenario.newTenant();
      await scenario.driver.createBucket({ managementKey: two.managementKey, bucket: one.bucket });
      await one.manager.send(new PutObjectCommand({ Bucket: one.bucket, Key: "of-one", Body: "1" }));
      expect(await objectKeys(two.manager, one.bucket)).toEqual([]);
    });

    test("their sizes are known, one by one and together", async () => {
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      const empty = bucketName();
      await scenario.driver.createBucket({ managementKey, bucket: empty });
      for (const [Key, size] of [["a", 1_000] as const, ["b/c", 234] as const]) {
        await manager.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(size) }));
      }
      const { storageBreakdown } = await scenario.driver.capabilities();
      const sized = (name: string, sizeBytes: bigint, objectCount: bigint) => ({
        bucket: name,
        sizeBytes,
        objectCount,
        breakdown: storageBreakdown
          ? { currentBytes: sizeBytes, noncurrentBytes: 0n, incompleteUploadBytes: 0n }
          : null,
      });
      const full = sized(bucket, 1_234n, 2n);
      await eventually(async () =>
        expect(await scenario.driver.bucketStats({ tenant, bucket })).toEqual([full]),
      );
      expect(await scenario.driver.bucketStats({ tenant })).toEqual(
        [full, sized(empty, 0n, 0n)].sort((a, b) => (a.bucket < b.bucket ? -1 : 1)),
      );
      await expect(scenario.driver.bucketStats({ tenant, bucket: "no-such-bucket" })).rejects.toMatchObject({
        code: "not-found",
      });
      expect(await scenario.driver.bucketStats({ tenant: "nobody" })).toEqual([]);
    });

    test("older versions and incomplete uploads count, and are told apart where the engine can", async () => {
      const { driver } = scenario;
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      await driver.setVersioning({ managementKey, bucket, versioning: "enabled" });
      for (const size of [1_000, 200]) {
        await manager.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: Buffer.alloc(size) }));
      }
      const { UploadId } = await manager.send(
        new CreateMultipartUploadCommand({ Bucket: bucket, Key: "video" }),
      );
      const part = { Bucket: bucket, Key: "video", UploadId, PartNumber: 1 };
      await manager.send(new UploadPartCommand({ ...part, Body: Buffer.alloc(30_000) }));

      const { storageBreakdown } = await driver.capabilities();
      const breakdown = { currentBytes: 200n, noncurrentBytes: 1_000n, incompleteUploadBytes: 30_000n };
      await eventually(async () =>
        expect(await driver.bucketStats({ tenant, bucket })).toMatchObject([
          { sizeBytes: 31_200n, breakdown: storageBreakdown ? breakdown : null },
        ]),
      );
    });

    test("a conditional write is refused when its condition does not hold, where the engine can", async () => {
      const { manager, bucket } = await scenario.newTenantWithBucket();
      if (!(await scenario.driver.capabilities()).conditionalWrites) return;
      const object = { Bucket: bucket, Key: "k" } as const;
      await manager.send(new PutObjectCommand({ ...object, Body: "1", IfNoneMatch: "*" }));
      for (const condition of [{ IfNoneMatch: "*" }, { IfMatch: `"${"0".repeat(32)}"` }]) {
        const write = manager.send(new PutObjectCommand({ ...object, Body: "2", ...condition }));
        expect(await failure(write)).toEqual({ status: 412, code: "PreconditionFailed" });
      }
      expect(await objectText(manager, bucket, "k")).toBe("1");
    });
  });
}
