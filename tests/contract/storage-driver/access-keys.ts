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
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, test } from "vitest";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { bucketName, expectNoSecrets, failure, objectKeys, objectText, type Scenario } from "./scenario.ts";

export function describeAccessKeys(scenario: Scenario): void {
  describe("access keys", () => {
    test("a read-write key writes, reads, lists and deletes objects", async () => {
      const { tenant, manager, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant);
      const Key = "relatórios/março +1.txt";
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "olá" }));
      expect(await objectText(s3, bucket, Key)).toBe("olá");
      expect(await objectKeys(s3, bucket)).toEqual([Key]);
      await s3.send(new HeadBucketCommand({ Bucket: bucket }));
      await s3.send(new GetBucketLocationCommand({ Bucket: bucket }));
      // The console reads what a key wrote, though another user of the engine owns it.
      expect(await objectText(manager, bucket, Key)).toBe("olá");
      await scenario.driver.setQuota({ tenant, quota: { maxSizeBytes: 1_000_000n, maxObjects: null } });
      expect(await objectText(manager, bucket, Key)).toBe("olá");
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      expect(await objectKeys(s3, bucket)).toEqual([]);
    });

    test("the last use of each key is told, where the engine keeps it", async () => {
      const { driver } = scenario;
      const { tenant } = await scenario.newTenant();
      const [used, unused] = [await scenario.newKey(tenant), await scenario.newKey(tenant)];
      const { keyLastUse } = await driver.capabilities();
      if (!keyLastUse) {
        await expect(driver.keysLastUse({ tenant })).rejects.toMatchObject({ code: "unsupported" });
        return;
      }
      expect(await driver.keysLastUse({ tenant })).toEqual(
        new Map([
          [used.user, null],
          [unused.user, null],
        ]),
      );
      await used.s3.send(new ListBucketsCommand({}));
      const lastUse = await driver.keysLastUse({ tenant });
      expect(lastUse.get(unused.user)).toBeNull();
      const age = Date.now() - (lastUse.get(used.user)?.getTime() ?? 0);
      expect(age).toBeLessThan((keyLastUse.stepSeconds + 10) * 1_000);
      expect(await driver.keysLastUse({ tenant: "nobody" })).toEqual(new Map());
    });

    test("a read key reads what others wrote and changes nothing", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const writer = await scenario.newKey(tenant);
      const reader = await scenario.newKey(tenant, { permission: "read" });
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
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      const other = `${bucket}2`;
      await scenario.driver.createBucket({ managementKey, bucket: other });
      await manager.send(new PutObjectCommand({ Bucket: other, Key: "k", Body: "x" }));
      const { s3 } = await scenario.newKey(tenant, { buckets: [bucket] });

      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      const denied = { status: 403, code: "AccessDenied" };
      expect(await failure(s3.send(new GetObjectCommand({ Bucket: other, Key: "k" })))).toEqual(denied);
      expect(await failure(s3.send(new ListObjectsV2Command({ Bucket: other })))).toEqual(denied);
      const write = new PutObjectCommand({ Bucket: other, Key: "k", Body: "y" });
      expect(await failure(s3.send(write))).toEqual(denied);
      expect(await objectText(manager, other, "k")).toBe("x");
    });

    test("a key that was narrowed reaches nothing elsewhere, not even what it wrote itself", async () => {
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      const left = bucketName();
      await scenario.driver.createBucket({ managementKey, bucket: left });
      const { user, pair, s3 } = await scenario.newKey(tenant);
      for (const Bucket of [bucket, left])
        await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));

      const narrowed = { tenant, user, permission: "read_write", buckets: [bucket] } as const;
      await scenario.driver.createAccessKey({ ...narrowed, ...pair });
      const denied = { status: 403, code: "AccessDenied" };
      expect(await failure(s3.send(new GetObjectCommand({ Bucket: left, Key: "k" })))).toEqual(denied);
      expect((await failure(s3.send(new HeadObjectCommand({ Bucket: left, Key: "k" })))).status).toBe(403);
      expect(await failure(s3.send(new DeleteObjectCommand({ Bucket: left, Key: "k" })))).toEqual(denied);
      expect(await failure(s3.send(new ListObjectsV2Command({ Bucket: left })))).toEqual(denied);
      expect(await objectText(manager, left, "k")).toBe("x");

      expect(await objectText(s3, bucket, "k")).toBe("x");
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
      await s3.send(new ListBucketsCommand({}));
    });

    test("a key that has expired is refused by the engine itself, where it can", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { keyExpiry } = await scenario.driver.capabilities();
      const list = new ListObjectsV2Command({ Bucket: bucket });
      const inAnHour = new Date(Date.now() + 3_600_000);
      const aSecondAgo = new Date(Date.now() - 1_000);
      const later = await scenario.newKey(tenant, { expiresAt: inAnHour });
      await later.s3.send(list);
      const over = await scenario.newKey(tenant, { expiresAt: aSecondAgo });
      expect((await failure(over.s3.send(list))).status).toBe(keyExpiry ? 403 : undefined);
      const { accessKeys } = await scenario.driver.tenantState({ tenant });
      const kept = new Map(
        accessKeys.map(({ user, grant }) => [user, grant !== "unknown" && grant.expiresAt]),
      );
      expect(kept.get(later.user)).toEqual(keyExpiry ? inAnHour : null);
      expect(kept.get(over.user)).toEqual(keyExpiry ? aSecondAgo : null);
    });

    test("a key for no bucket can do nothing", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant, { buckets: [] });
      expect((await failure(s3.send(new ListObjectsV2Command({ Bucket: bucket })))).status).toBe(403);
    });

    test("no key creates, deletes or configures buckets", async () => {
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant);
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
      expect(await scenario.bucketNames(managementKey)).toEqual([bucket]);
    });

    test("no key makes objects public", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      const url = new URL(`/${bucket}/k`, scenario.config.endpoint);
      expect([403, 404]).toContain((await fetch(url)).status);
      const everyone = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
      const object = { Bucket: bucket, Key: "k", Body: "x" } as const;
      // Refused or ignored; either way, nobody else reads it.
      await failure(s3.send(new PutObjectCommand({ ...object, ACL: "public-read" })));
      await failure(s3.send(new PutObjectCommand({ ...object, GrantRead: everyone })));
      const acl = new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL: "public-read" });
      expect([403, 501]).toContain((await failure(s3.send(acl))).status);
      const tenantUrl = new URL(`/${tenant}:${bucket}/k`, scenario.config.endpoint);
      for (const address of [url, tenantUrl]) expect((await fetch(address)).ok).toBe(false);
    });

    test("no key, and no management key, reaches another tenant", async () => {
      const victim = await scenario.newTenantWithBucket();
      await victim.manager.send(new PutObjectCommand({ Bucket: victim.bucket, Key: "secret", Body: "x" }));
      const attacker = await scenario.newTenant();
      const { s3 } = await scenario.newKey(attacker.tenant);
      const named = await scenario.newKey(attacker.tenant, { buckets: [victim.bucket] });
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
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { user, pair, s3 } = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

      const again = { tenant, user, ...pair, permission: "read", buckets: [bucket] } as const;
      await Promise.all([1, 2, 3].map(() => scenario.driver.createAccessKey({ ...again })));
      expect(await objectText(s3, bucket, "k")).toBe("x");
      const write = new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "y" });
      expect((await failure(s3.send(write))).status).toBe(403);
      expect(await scenario.driver.listAccessKeys(tenant)).toEqual([
        { user, accessKeyIds: [pair.accessKeyId], active: true },
      ]);

      // Not even what it wrote itself, which makes it the object's owner on some engines.
      await scenario.driver.createAccessKey({ ...again, buckets: [] });
      const read = new GetObjectCommand({ Bucket: bucket, Key: "k" });
      expect((await failure(s3.send(read))).status).toBe(403);
    });

    test("an inactive key is refused at once, stays so when created again, and works when active", async () => {
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { user, pair, s3 } = await scenario.newKey(tenant);
      const list = () => s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      await list();

      const grant = { tenant, user, permission: "read_write", buckets: "all" } as const;
      await scenario.driver.setAccessKeyActive({ ...grant, active: false });
      await scenario.driver.setAccessKeyActive({ ...grant, active: false });
      expect((await failure(list())).status).toBe(403);
      await scenario.driver.createAccessKey({ ...grant, ...pair });
      expect((await failure(list())).status).toBe(403);
      expect(await scenario.driver.listAccessKeys(tenant)).toMatchObject([{ user, active: false }]);

      await scenario.driver.setAccessKeyActive({ ...grant, active: true });
      await scenario.driver.setAccessKeyActive({ ...grant, active: true });
      await list();
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      await expect(
        scenario.driver.setAccessKeyActive({ ...grant, user: "no-such-key", active: true }),
      ).rejects.toMatchObject({ code: "not-found" });
    });

    test("a revoked key gets 403 from the same client, twice revoked or once; its objects stay", async () => {
      const { tenant, manager, bucket } = await scenario.newTenantWithBucket();
      const { user, s3 } = await scenario.newKey(tenant);
      const other = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));

      const presigned = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: "k" }));
      expect(await (await fetch(presigned)).text()).toBe("x");

      await scenario.driver.revokeAccessKey({ tenant, user });
      await scenario.driver.revokeAccessKey({ tenant, user });
      expect((await fetch(presigned)).status).toBe(403);
      const read = new GetObjectCommand({ Bucket: bucket, Key: "k" });
      expect((await failure(s3.send(read))).status).toBe(403);
      expect(await objectText(other.s3, bucket, "k")).toBe("x");
      expect(await objectText(manager, bucket, "k")).toBe("x");
      expect(await scenario.driver.listAccessKeys(tenant)).toMatchObject([{ user: other.user }]);
    });

    test("a key needs a tenant, and an id of its own", async () => {
      const key = { user: "key-1", permission: "read", buckets: "all" } as const;
      const pair = generateAccessKey();
      await expect(
        scenario.driver.createAccessKey({ tenant: "nobody", ...key, ...pair }),
      ).rejects.toMatchObject({
        code: "not-found",
      });
      expect(await scenario.driver.listAccessKeys("nobody")).toEqual([]);

      const { tenant, managementKey } = await scenario.newTenant();
      const error = await scenario.driver
        .createAccessKey({ tenant, ...key, ...managementKey })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "already-exists" });
      expectNoSecrets(error, managementKey);
      expect(await scenario.driver.listAccessKeys(tenant)).toEqual([]);
    });
  });
}

function allowAll(bucket: string): string {
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: [`arn:aws:s3:::${bucket}/*`] },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}
