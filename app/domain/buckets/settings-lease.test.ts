import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeBucket } from "#tests/support/scenario.ts";

const { db } = await import("#app/ports/db.server.ts");
const { leaseSettings, releaseSettings } = await import("./settings-lease.ts");
afterAll(() => db.$disconnect());

const lease = (bucketId: string) => db.$transaction((tx) => leaseSettings(tx, bucketId));

test("one at a time, until it is given back or has run out", async () => {
  const bucket = await makeBucket(await makeAccount());
  const until = await lease(bucket);
  await expect(lease(bucket)).rejects.toMatchObject({ code: "conflict" });
  await releaseSettings(bucket, until);
  await lease(bucket);
  await expect(lease(randomUUID())).rejects.toMatchObject({ code: "conflict" });
});

test("who comes back after theirs has run out does not take the next one's away", async () => {
  const bucket = await makeBucket(await makeAccount());
  const first = await lease(bucket);
  const overdue = new Date(Date.now() - 1_000);
  await queryAsOwner("UPDATE bucket SET settings_busy_until = $2 WHERE id = $1", [bucket, overdue]);
  const second = await lease(bucket);
  await releaseSettings(bucket, first);
  await expect(lease(bucket)).rejects.toMatchObject({ code: "conflict" });
  await releaseSettings(bucket, second);
  await lease(bucket);
});
