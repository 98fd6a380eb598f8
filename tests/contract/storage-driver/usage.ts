import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import type { UsageHour } from "#app/ports/storage/driver.ts";
import { bucketName, eventually, failure, objectText, type Scenario } from "./scenario.ts";

const HOUR_MS = 3_600_000;

export function describeUsage(scenario: Scenario): void {
  describe("usage", () => {
    test("counts requests and bytes per bucket, refused requests apart", async () => {
      const { tenant, managementKey, bucket } = await scenario.newTenantWithBucket();
      const quiet = bucketName();
      await scenario.driver.createBucket({ managementKey, bucket: quiet });
      const writer = await scenario.newKey(tenant);
      const reader = await scenario.newKey(tenant, { permission: "read" });
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
      const { tenant, bucket } = await scenario.newTenantWithBucket();
      const { s3 } = await scenario.newKey(tenant);
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
      await eventually(async () => expect(await hours(tenant, "tenant")).not.toEqual([]));
      const [row] = await hours(tenant, "tenant");
      const hour = row?.hour ?? new Date(0);

      const before = { from: new Date(hour.getTime() - HOUR_MS), to: hour };
      expect(await scenario.driver.usage({ tenant, ...before })).toEqual([]);
      const within = { from: hour, to: new Date(hour.getTime() + HOUR_MS) };
      expect(await scenario.driver.usage({ tenant, ...within })).not.toEqual([]);
      expect(await scenario.driver.usage({ tenant: "nobody", ...within })).toEqual([]);
      await expect(scenario.driver.usage({ tenant, from: new Date(1), to: hour })).rejects.toThrow(TypeError);
    });

    test("the console's own objects are told apart where the engine can", async () => {
      const { tenant, manager, bucket } = await scenario.newTenantWithBucket();
      const { managementTraffic } = await scenario.driver.capabilities();
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
      return (await scenario.driver.usage({ tenant, ...range })).filter((row) => row.traffic === traffic);
    }
  });
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
