import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import type { BucketStats, UsageHour } from "#app/ports/storage/driver.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeBucket, type TestAccount } from "#tests/support/scenario.ts";
import type { Context } from "../context.ts";
import { countCollections, listCollections } from "./read-collections.ts";
import { readUsageByBucket, readUsageSummary } from "./read-usage.ts";
import { type HourUsage, readUsageByDay, readUsageByHour } from "./read-usage-by-time.ts";
import { readUsagePage } from "./read-usage-page.ts";
import { recordCounters, recordStored } from "./record-usage.ts";

afterAll(() => db.$disconnect());

let account: TestAccount;
beforeEach(async () => {
  account = await makeAccount();
});

function contextOf({ id }: TestAccount, memberRole: Context["access"]["memberRole"] = "owner"): Context {
  return {
    actor: { kind: "user", userId: crypto.randomUUID() },
    session: null,
    accountId: id,
    access: { memberRole, providerRole: null, accountState: "active", secondFactorMissing: false },
    origin: { requestId: "test", address: null, userAgent: null },
    locale: "pt-BR",
  };
}

const staff: Context = {
  ...contextOf({ id: "", slug: "", document: "" }, null),
  accountId: null,
  access: { memberRole: null, providerRole: "operator", accountState: null, secondFactorMissing: false },
};

const nothing = { readRequests: 0n, writeRequests: 0n, ingressBytes: 0n, egressBytes: 0n };

function hourOf(hour: string, counted: Partial<UsageHour>): UsageHour {
  return { bucket: "fotos", hour: new Date(hour), traffic: "tenant", ...nothing, ...counted };
}

function stored(bucket: string, sizeBytes: bigint, objectCount = 1n): BucketStats {
  return { bucket, sizeBytes, objectCount, breakdown: null };
}

async function record(at: string, hours: UsageHour[], stats: BucketStats[]) {
  await recordCounters(account.id, new Date(at), hours);
  await recordStored(account.id, new Date(at), stats);
}

async function hoursOf(month: string): Promise<HourUsage[]> {
  const rows: HourUsage[] = [];
  for await (const batch of readUsageByHour(contextOf(account), month)) rows.push(...batch);
  return rows;
}

describe("months and days", () => {
  test("are those of São Paulo: 02:59 UTC on the first is still the month before", async () => {
    await record(
      "2026-03-01T04:05:00Z",
      [
        hourOf("2026-02-28T23:00:00Z", { readRequests: 1n }),
        hourOf("2026-03-01T02:00:00Z", { readRequests: 10n }),
        hourOf("2026-03-01T03:00:00Z", { readRequests: 100n }),
        hourOf("2026-03-31T23:00:00Z", { readRequests: 1_000n }),
        hourOf("2026-04-01T02:00:00Z", { readRequests: 10_000n }),
        hourOf("2026-04-01T03:00:00Z", { readRequests: 100_000n }),
      ],
      [],
    );
    const requestsIn = async (month: string) =>
      (await readUsageSummary(contextOf(account), month)).requestsRead;
    expect(await requestsIn("2026-02")).toBe(11n);
    expect(await requestsIn("2026-03")).toBe(11_100n);
    expect(await requestsIn("2026-04")).toBe(100_000n);
    expect((await hoursOf("2026-03")).map(({ hour }) => hour.toISOString())).toEqual([
      "2026-03-01T03:00:00.000Z",
      "2026-03-31T23:00:00.000Z",
      "2026-04-01T02:00:00.000Z",
    ]);
  });

  test.each([
    ["2018-02", 673],
    ["2018-11", 719],
    ["2017-10", 743],
    ["2026-02", 672],
  ])("%s has %i hours, clock changes included", async (month, hours) => {
    const start = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1);
    const all = Array.from({ length: 40 * 24 }, (_, index) =>
      hourOf(new Date(start + (index - 96) * 3_600_000).toISOString(), { readRequests: 1n }),
    );
    await recordCounters(account.id, new Date(), all);
    // Years before 2000 and months that are none never get here: the query's schema stops them.
    expect((await readUsageSummary(contextOf(account), month)).requestsRead).toBe(BigInt(hours));
    expect(await hoursOf(month)).toHaveLength(hours);
  });

  test("a day has its own requests, and what was stored at its last measurement", async () => {
    await queryAsOwner("UPDATE account SET activated_at = '2026-03-02T12:00:00Z' WHERE id = $1", [
      account.id,
    ]);
    await record(
      "2026-03-02T13:05:00Z",
      [hourOf("2026-03-02T13:00:00Z", { ingressBytes: 7n })],
      [stored("fotos", 50n)],
    );
    // 01:05 UTC on the third is 22:05 on the second.
    await record(
      "2026-03-03T01:05:00Z",
      [hourOf("2026-03-03T01:00:00Z", { ingressBytes: 3n })],
      [stored("fotos", 60n), stored("logs", 5n)],
    );
    await record("2026-03-04T12:05:00Z", [], [stored("fotos", 70n)]);
    expect(await readUsageByDay(contextOf(account), "2026-03")).toMatchObject([
      { day: "2026-03-02", storedBytes: 65n, objects: 2n, ingressBytes: 10n },
      { day: "2026-03-03", storedBytes: null, objects: null, ingressBytes: 0n },
      { day: "2026-03-04", storedBytes: 70n, objects: 1n, ingressBytes: 0n },
    ]);
    expect(await readUsageByDay(contextOf(account), "2026-02")).toEqual([]);
  });

  test("a past month shows what was stored at its end", async () => {
    await record("2026-02-28T23:05:00Z", [], [stored("fotos", 10n)]);
    await record("2026-03-05T12:05:00Z", [], [stored("fotos", 99n)]);
    expect(await readUsageSummary(contextOf(account), "2026-02")).toMatchObject({
      storedBytes: 10n,
      storedAt: new Date("2026-02-28T23:05:00Z"),
      measuredAt: new Date("2026-03-05T12:05:00Z"),
    });
    expect(await readUsageSummary(contextOf(account), "2026-03")).toMatchObject({ storedBytes: 99n });
    expect(await readUsageSummary(contextOf(account))).toMatchObject({ storedBytes: 99n });
  });
});

describe("by bucket", () => {
  test("a deleted bucket stays for the month in which it was used, the others by size", async () => {
    const [here] = [await makeBucket(account), await makeBucket(account)];
    const names = await queryAsOwner<{ id: string; name: string }>(
      "SELECT id, name FROM bucket WHERE account_id = $1",
      [account.id],
    );
    const nameOf = (id: string | undefined) => names.find((bucket) => bucket.id === id)?.name ?? "";
    const gone = nameOf(names.find(({ id }) => id !== here)?.id);
    const now = new Date();
    const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000).toISOString();
    await record(
      new Date(now.getTime() - 1_000).toISOString(),
      [hourOf(hour, { bucket: gone, readRequests: 5n })],
      [stored(gone, 10n), stored(nameOf(here), 20n), stored("feito-no-motor", 30n)],
    );
    await queryAsOwner("UPDATE bucket SET deleted_at = now() WHERE account_id = $1 AND name = $2", [
      account.id,
      gone,
    ]);
    await record(now.toISOString(), [], [stored(nameOf(here), 20n), stored("feito-no-motor", 30n)]);
    expect(await readUsageByBucket(contextOf(account))).toMatchObject({
      total: 3,
      buckets: [
        { bucket: "feito-no-motor", bucketId: null, isDeleted: false, storedBytes: 30n },
        { bucket: nameOf(here), bucketId: here, isDeleted: false, storedBytes: 20n },
        { bucket: gone, bucketId: null, isDeleted: true, storedBytes: 0n, requestsRead: 5n },
      ],
    });
  });
});

describe("revisions", () => {
  async function revisions(metric: string) {
    return queryAsOwner<{ revision: number; quantity: string }>(
      "SELECT revision, quantity FROM usage_record WHERE account_id = $1 AND metric = $2 ORDER BY hour, revision",
      [account.id, metric],
    );
  }

  test("a counter adds one when it has grown, and none when it has not or is smaller", async () => {
    const at = "2026-03-05T12:00:00Z";
    for (const readRequests of [5n, 5n, 3n, 8n, 8n])
      await recordCounters(account.id, new Date(), [hourOf(at, { readRequests })]);
    expect(await revisions("requests_read")).toEqual([
      { revision: 1, quantity: "5" },
      { revision: 2, quantity: "8" },
    ]);
  });

  test("what is stored adds one when it differs, and an older reading is dropped", async () => {
    await recordStored(account.id, new Date("2026-03-05T12:05:00Z"), [stored("fotos", 10n)]);
    await recordStored(account.id, new Date("2026-03-05T12:20:00Z"), [stored("fotos", 4n)]);
    await recordStored(account.id, new Date("2026-03-05T12:10:00Z"), [stored("fotos", 99n)]);
    await recordStored(account.id, new Date("2026-03-05T12:30:00Z"), [stored("fotos", 4n)]);
    expect(await revisions("stored_bytes")).toEqual([
      { revision: 1, quantity: "10" },
      { revision: 2, quantity: "4" },
    ]);
    expect(await readUsageSummary(contextOf(account), "2026-03")).toMatchObject({
      measuredAt: new Date("2026-03-05T12:30:00Z"),
    });
  });

  test("quantities beyond what a double holds are exact", async () => {
    const huge = 2n ** 62n + 1n;
    await record(
      "2026-03-05T12:05:00Z",
      [hourOf("2026-03-05T12:00:00Z", { egressBytes: huge })],
      [stored("fotos", huge)],
    );
    expect(await readUsageSummary(contextOf(account), "2026-03")).toMatchObject({
      storedBytes: huge,
      egressBytes: huge,
    });
  });
});

test("any split, order and repetition of readings gives the same totals", async () => {
  const hour = fc.integer({ min: 0, max: 5 });
  const growth = fc.record({
    bucket: fc.constantFrom("a", "b"),
    hour,
    reads: fc.bigInt(1n, 9n),
    bytes: fc.bigInt(0n, 1_000n),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(growth, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      async (growths, cuts, order) => {
        account = await makeAccount();
        // What the engine would answer after the first `count` of the growths.
        const readingAt = (count: number) => {
          const rows = new Map<string, UsageHour>();
          for (const { bucket, hour, reads, bytes } of growths.slice(0, count)) {
            const at = new Date(Date.UTC(2026, 2, 10, hour));
            const key = `${bucket} ${hour}`;
            const row = rows.get(key) ?? hourOf(at.toISOString(), { bucket });
            row.readRequests += reads;
            row.egressBytes += bytes;
            rows.set(key, row);
          }
          return [...rows.values()];
        };
        const counts = [...cuts.map((cut) => cut % growths.length), growths.length];
        const readings = counts.map((count, index) => ({ count, rank: order[index] ?? index }));
        readings.sort((a, b) => a.rank - b.rank);
        for (const { count } of readings) {
          // In two parts, as a long window is read.
          const rows = readingAt(count);
          const half = Math.floor(rows.length / 2);
          await recordCounters(account.id, new Date(), rows.slice(half));
          await recordCounters(account.id, new Date(), rows.slice(0, half));
        }
        const total = (pick: (growth: (typeof growths)[number]) => bigint) =>
          growths.reduce((sum, growth) => sum + pick(growth), 0n);
        expect(await readUsageSummary(contextOf(account), "2026-03")).toMatchObject({
          requestsRead: total(({ reads }) => reads),
          egressBytes: total(({ bytes }) => bytes),
          requestsWrite: 0n,
        });
      },
    ),
    { numRuns: 40 },
  );
});

test("writers at once add up to one of them", async () => {
  const row = (readRequests: bigint) => [hourOf("2026-03-05T12:00:00Z", { readRequests })];
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      recordCounters(account.id, new Date(), row(BigInt((index % 4) + 1))),
    ),
  );
  expect(await readUsageSummary(contextOf(account), "2026-03")).toMatchObject({ requestsRead: 4n });
});

describe("records are append-only", () => {
  beforeEach(() => record("2026-03-05T12:05:00Z", [], [stored("fotos", 10n)]));

  test.each(["UPDATE usage_record SET quantity = 0", "DELETE FROM usage_record", "TRUNCATE usage_record"])(
    "%s is refused to the application and to the owner",
    async (statement) => {
      await expect(db.$executeRawUnsafe(statement)).rejects.toThrow(/permission denied/);
      await expect(queryAsOwner(statement)).rejects.toThrow(/append-only/);
    },
  );
});

describe("who may look", () => {
  test.each(["owner", "admin", "billing", "developer"] as const)("%s may", async (role) => {
    await expect(readUsagePage(contextOf(account, role), {})).resolves.toMatchObject({ isCurrent: true });
  });

  test("an auditor may not, nor may staff's pages be seen by members", async () => {
    const auditor = contextOf(account, "auditor");
    const forbidden = { code: "forbidden" };
    await expect(readUsagePage(auditor, {})).rejects.toMatchObject(forbidden);
    await expect(readUsageSummary(auditor)).rejects.toMatchObject(forbidden);
    await expect(readUsageByBucket(auditor)).rejects.toMatchObject(forbidden);
    await expect(readUsageByDay(auditor)).rejects.toMatchObject(forbidden);
    expect(() => readUsageByHour(auditor)).toThrow(expect.objectContaining(forbidden));
    const outside = {
      ...contextOf(account),
      accountId: null,
      access: { ...staff.access, providerRole: null },
    };
    await expect(countCollections(outside)).rejects.toMatchObject(forbidden);
    await expect(listCollections(outside, {})).rejects.toMatchObject(forbidden);
  });

  test.each(["2026-13", "1999-01", "2026-3", "x", ""])("the month %j is refused", async (month) => {
    await expect(readUsagePage(contextOf(account), { month })).rejects.toMatchObject({
      code: "invalid-input",
    });
  });
});

describe("the operators' list", () => {
  test("has every account once, the one left the longest first, page after page", async () => {
    await queryAsOwner("UPDATE account SET state = 'closed'");
    const accounts = await Promise.all(Array.from({ length: 30 }, () => makeAccount()));
    for (const [index, { id }] of accounts.entries()) {
      if (index >= 28) continue;
      await recordStored(id, new Date(Date.UTC(2026, 2, 5, 12, index % 3)), [stored("fotos", BigInt(index))]);
    }
    await db.usageCollection.update({
      where: { accountId: accounts[3]?.id ?? "" },
      data: { lastError: "x" },
    });

    const first = await listCollections(staff, {});
    const second = await listCollections(staff, { after: first.next ?? "" });
    const rows = [...first.rows, ...second.rows];
    expect(first.rows).toHaveLength(25);
    expect(second.next).toBeNull();
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(accounts.map(({ id }) => id)));
    expect(rows.slice(0, 2).map(({ measuredAt }) => measuredAt)).toEqual([null, null]);
    expect(rows.find(({ id }) => id === accounts[7]?.id)?.storedBytes).toBe(7n);
    expect((await listCollections(staff, { state: "failing" })).rows).toMatchObject([{ lastError: "x" }]);
    expect(await countCollections(staff)).toEqual({
      accounts: 30,
      failing: 1,
      neverMeasured: 2,
      measuredAt: new Date("2026-03-05T12:02:00Z"),
      oldestMeasuredAt: null,
    });
  });
});
