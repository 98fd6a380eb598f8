import {
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketWebsiteCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startCall } from "#app/ports/storage/ceph/call.ts";
import { sendS3 } from "#app/ports/storage/ceph/s3-client.ts";
import type { CorsRule, LifecycleRule, StorageCapabilities } from "#app/ports/storage/driver.ts";
import { bucketName, eventually, failure, type Scenario, UNLIMITED } from "./scenario.ts";

export function describeBucketSettings(scenario: Scenario): void {
  describe("bucket settings", () => {
    async function newBucket() {
      const { tenant, managementKey, manager, bucket } = await scenario.newTenantWithBucket();
      return { tenant, manager, bucket, at: { managementKey, bucket } };
    }

    test("versioning goes from unset to enabled and suspended, and says so", async () => {
      const { driver } = scenario;
      const { at } = await newBucket();
      expect(await driver.getVersioning(at)).toBe("unset");
      for (const versioning of ["enabled", "enabled", "suspended", "suspended", "enabled"] as const) {
        await driver.setVersioning({ ...at, versioning });
        expect(await driver.getVersioning(at)).toBe(versioning);
      }
    });

    describe("lifecycle", () => {
      test.each(keptByAll)("keeps %s", async (_what, rule) => {
        const { driver } = scenario;
        const { at } = await newBucket();
        expect(await driver.getLifecycle(at)).toEqual([]);
        await driver.setLifecycle({ ...at, rules: [rule] });
        await driver.setLifecycle({ ...at, rules: [rule] });
        expect(await driver.getLifecycle(at)).toEqual([rule]);
      });

      test.each(keptBySome)(
        "keeps %s whole or refuses it, with the rules before in force",
        async (...row) => {
          const { driver } = scenario;
          const [, condition, feature, rule] = row;
          const { at } = await newBucket();
          const before: LifecycleRule = { ...base, id: "before", expiration: { days: 30 } };
          await driver.setLifecycle({ ...at, rules: [before] });

          const { lifecycle } = await driver.capabilities();
          const attempt = driver.setLifecycle({ ...at, rules: [before, rule] });
          if (lifecycle?.[feature]) {
            await attempt;
            expect(byId(await driver.getLifecycle(at))).toEqual(byId([before, rule]));
          } else {
            await expect(attempt).rejects.toMatchObject({ code: "unsupported", engineCode: condition });
            expect(await driver.getLifecycle(at)).toEqual([before]);
          }
        },
      );

      test("what could not be kept leaves a bucket without rules without rules", async () => {
        const { driver } = scenario;
        const { at } = await newBucket();
        const { lifecycle } = await driver.capabilities();
        const refused = keptBySome.filter(([, , feature]) => !lifecycle?.[feature]);
        for (const [, , , rule] of refused) {
          await expect(driver.setLifecycle({ ...at, rules: [rule] })).rejects.toMatchObject({
            code: "unsupported",
          });
          expect(await driver.getLifecycle(at)).toEqual([]);
        }
      });

      test("replaces all rules, and none or a deletion removes them", async () => {
        const { driver } = scenario;
        const { at } = await newBucket();
        const rules = ["b", "a"].map((id) => ({ ...base, id, filter: { prefix: `${id}/` } }));
        await driver.setLifecycle({ ...at, rules });
        expect(byId(await driver.getLifecycle(at))).toEqual(byId(rules));
        await driver.setLifecycle({ ...at, rules: rules.slice(0, 1) });
        expect(await driver.getLifecycle(at)).toEqual(rules.slice(0, 1));

        await driver.setLifecycle({ ...at, rules: [] });
        expect(await driver.getLifecycle(at)).toEqual([]);
        await driver.setLifecycle({ ...at, rules });
        await driver.deleteLifecycle(at);
        await driver.deleteLifecycle(at);
        expect(await driver.getLifecycle(at)).toEqual([]);
      });

      test("a rule made elsewhere with more in it is named, and not overwritten", async () => {
        const { driver } = scenario;
        const { at, manager } = await newBucket();
        const transition = new PutBucketLifecycleConfigurationCommand({
          Bucket: at.bucket,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: "cold",
                Status: "Enabled",
                Filter: { Prefix: "x" },
                Transitions: [{ Days: 3, StorageClass: "GLACIER" }],
              },
            ],
          },
        });
        // Refused by an engine without storage classes.
        if ((await failure(manager.send(transition))).code !== "no error") return;
        const rules = await driver.getLifecycle(at);
        expect(rules).toMatchObject([{ id: "cold", unknown: ["Transition"] }]);
        await expect(driver.setLifecycle({ ...at, rules })).rejects.toMatchObject({
          code: "unsupported",
          engineCode: "Transition",
        });
        expect(await driver.getLifecycle(at)).toEqual(rules);
      });
    });

    test("CORS rules are kept in their order, replaced and removed", async () => {
      const { driver } = scenario;
      const { at } = await newBucket();
      expect(await driver.getCors(at)).toEqual([]);
      const rules: CorsRule[] = [
        {
          id: "site",
          allowedOrigins: ["https://*.padaria.example"],
          allowedMethods: ["GET"],
          allowedHeaders: ["*"],
          exposeHeaders: ["ETag"],
          maxAgeSeconds: 600,
        },
        { allowedOrigins: ["*"], allowedMethods: ["HEAD"] },
      ];
      await driver.setCors({ ...at, rules });
      await driver.setCors({ ...at, rules });
      expect(await driver.getCors(at)).toEqual(rules);

      const many: CorsRule = {
        allowedOrigins: ["https://b.example", "https://a.example"],
        allowedMethods: ["PUT", "GET", "POST", "DELETE"],
        allowedHeaders: ["x-b", "x-a"],
        maxAgeSeconds: 0,
      };
      await driver.setCors({ ...at, rules: [many] });
      const [kept] = await driver.getCors(at);
      expect([...(kept?.allowedOrigins ?? [])].sort()).toEqual([...many.allowedOrigins].sort());
      expect([...(kept?.allowedMethods ?? [])].sort()).toEqual([...many.allowedMethods].sort());

      await driver.deleteCors(at);
      await driver.deleteCors(at);
      expect(await driver.getCors(at)).toEqual([]);
    });

    test("tags are kept by key, replaced and removed", async () => {
      const { driver } = scenario;
      const { at } = await newBucket();
      expect(await driver.getBucketTags(at)).toEqual([]);
      const tags = [
        { key: "área", value: "produção" },
        { key: "cost-center", value: "" },
      ];
      await driver.setBucketTags({ ...at, tags });
      await driver.setBucketTags({ ...at, tags });
      const byKey = tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
      expect(await driver.getBucketTags(at)).toEqual(byKey);
      await driver.setBucketTags({ ...at, tags: [] });
      expect(await driver.getBucketTags(at)).toEqual([]);
      await driver.setBucketTags({ ...at, tags });
      await driver.deleteBucketTags(at);
      await driver.deleteBucketTags(at);
      expect(await driver.getBucketTags(at)).toEqual([]);
    });

    test("a bucket's own quota is set, enforced and lifted, apart from its neighbour's", async () => {
      const { driver } = scenario;
      const { tenant, at, manager, bucket } = await newBucket();
      const neighbour = bucketName();
      await driver.createBucket({ managementKey: at.managementKey, bucket: neighbour });
      expect(await driver.getBucketQuota({ tenant, bucket })).toEqual(UNLIMITED);

      await driver.setBucketQuota({ tenant, bucket, quota: { maxSizeBytes: 100_000n, maxObjects: null } });
      const step = (await driver.capabilities()).bucketQuota?.sizeStepBytes ?? 1n;
      const kept = ((100_000n + step - 1n) / step) * step;
      expect(await driver.getBucketQuota({ tenant, bucket })).toEqual({
        maxSizeBytes: kept,
        maxObjects: null,
      });
      expect(await driver.getBucketQuota({ tenant, bucket: neighbour })).toEqual(UNLIMITED);

      const put = (Bucket: string, Key: string) =>
        manager.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(60_000) }));
      await put(bucket, "fits");
      expect(await failure(put(bucket, "over"))).toEqual({ status: 403, code: "QuotaExceeded" });
      await put(neighbour, "1");
      await put(neighbour, "2");

      await driver.setBucketQuota({ tenant, bucket, quota: { maxSizeBytes: null, maxObjects: 2n } });
      expect(await driver.getBucketQuota({ tenant, bucket })).toEqual({ maxSizeBytes: null, maxObjects: 2n });
      await eventually(async () => void (await put(bucket, "second")));
      expect(await failure(put(bucket, "third"))).toEqual({ status: 403, code: "QuotaExceeded" });

      await driver.setBucketQuota({ tenant, bucket, quota: UNLIMITED });
      expect(await driver.getBucketQuota({ tenant, bucket })).toEqual(UNLIMITED);
      await eventually(async () => void (await put(bucket, "third")));
    });

    test("settings of a bucket that is not there are not found", async () => {
      const { driver } = scenario;
      const { tenant, managementKey } = await scenario.newTenant();
      const bucket = bucketName();
      const at = { managementKey, bucket };
      for (const call of [
        () => driver.getVersioning(at),
        () => driver.setVersioning({ ...at, versioning: "enabled" }),
        () => driver.getLifecycle(at),
        () => driver.setLifecycle({ ...at, rules: [base] }),
        () => driver.getCors(at),
        () => driver.setCors({ ...at, rules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] }),
        () => driver.getBucketTags(at),
        () => driver.setBucketTags({ ...at, tags: [{ key: "k", value: "v" }] }),
        () => driver.getBucketQuota({ tenant, bucket }),
        () => driver.setBucketQuota({ tenant, bucket, quota: UNLIMITED }),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: "not-found" });
      }
    });

    test("a tenant's settings are out of another's reach", async () => {
      const { driver } = scenario;
      const { at } = await newBucket();
      const { managementKey } = await scenario.newTenant();
      const stranger = { managementKey, bucket: at.bucket };
      await expect(driver.getCors(stranger)).rejects.toMatchObject({ code: "not-found" });
      await expect(driver.setVersioning({ ...stranger, versioning: "enabled" })).rejects.toMatchObject({
        code: "not-found",
      });
      expect(await driver.getVersioning(at)).toBe("unset");
    });

    // Ceph takes what it does not know for the plain operation, and so deletes the bucket.
    test.each([
      ["DELETE ?encryption", (Bucket: string) => new DeleteBucketEncryptionCommand({ Bucket })],
      ["DELETE ?ownershipControls", (Bucket: string) => new DeleteBucketOwnershipControlsCommand({ Bucket })],
      ["DELETE ?policy", (Bucket: string) => new DeleteBucketPolicyCommand({ Bucket })],
      ["DELETE ?website", (Bucket: string) => new DeleteBucketWebsiteCommand({ Bucket })],
      [
        "PUT ?accelerate",
        (Bucket: string) =>
          new PutBucketAccelerateConfigurationCommand({
            Bucket,
            AccelerateConfiguration: { Status: "Enabled" },
          }),
      ],
    ])("a subresource off the list never reaches the engine: %s", async (_what, command) => {
      const { at } = await newBucket();
      const call = startCall("test");
      await expect(
        sendS3(scenario.config, call, "change", at.managementKey, (client, options) =>
          // biome-ignore lint/suspicious/noExplicitAny: one of several commands
          client.send(command(at.bucket) as any, options),
        ),
      ).rejects.toMatchObject({ code: "unsupported", engineCode: "UnknownSubresource", status: undefined });
      expect(await scenario.driver.headBucket(at)).toBe(true);
    });
  });
}

type LifecycleFeature = keyof NonNullable<StorageCapabilities["lifecycle"]>;

const base: LifecycleRule = { id: "rule", enabled: true, filter: {}, expiration: { days: 3 } };
const midnight = new Date(Date.UTC(2031, 0, 1));

const keptByAll: Array<[what: string, rule: LifecycleRule]> = [
  ["days for all objects", base],
  ["days for a prefix", { ...base, filter: { prefix: "logs/março &<>/" } }],
  ["a date, disabled", { ...base, enabled: false, expiration: { date: midnight } }],
];

const keptBySome: Array<[what: string, condition: string, feature: LifecycleFeature, rule: LifecycleRule]> = [
  ["a tag", "Tag", "tagFilters", { ...base, filter: { tags: [{ key: "tipo", value: "rascunho" }] } }],
  [
    "a prefix with tags",
    "Tag",
    "tagFilters",
    {
      ...base,
      filter: {
        prefix: "p/",
        tags: [
          { key: "a", value: "1" },
          { key: "b", value: "2" },
        ],
      },
    },
  ],
  [
    "a least size",
    "ObjectSizeGreaterThan",
    "sizeFilters",
    { ...base, filter: { sizeGreaterThan: 1_048_576n } },
  ],
  [
    "a prefix with a range of sizes",
    "ObjectSizeGreaterThan",
    "sizeFilters",
    { ...base, filter: { prefix: "p/", sizeGreaterThan: 10n, sizeLessThan: 6_000_000_000n } },
  ],
  [
    "noncurrent versions",
    "NoncurrentVersionExpiration",
    "noncurrentExpiration",
    { id: "rule", enabled: true, filter: {}, noncurrentExpiration: { days: 7 } },
  ],
  [
    "noncurrent versions but for the newest",
    "NewerNoncurrentVersions",
    "newerNoncurrentVersions",
    { id: "rule", enabled: true, filter: {}, noncurrentExpiration: { days: 7, newerVersions: 3 } },
  ],
  [
    "markers without versions",
    "Expiration",
    "expiredDeleteMarkers",
    { ...base, expiration: { expiredDeleteMarkers: true } },
  ],
  [
    "incomplete uploads",
    "AbortIncompleteMultipartUpload",
    "abortIncompleteUploads",
    { id: "rule", enabled: true, filter: { prefix: "p/" }, abortUploadsAfterDays: 2 },
  ],
];

function byId(rules: readonly LifecycleRule[]): LifecycleRule[] {
  return rules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
