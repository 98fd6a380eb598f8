import { afterAll, describe, expect, test } from "vitest";
import { db } from "#app/ports/db.server.ts";
import { stopSending } from "#app/ports/jobs.server.ts";
import { contextOf } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser } from "#tests/support/scenario.ts";
import { requestCollection } from "./request-collection.ts";

afterAll(async () => {
  await stopSending();
  await db.$disconnect();
});

function queuedJobs() {
  return queryAsOwner<{ data: object }>("SELECT data FROM pgboss.job WHERE name = 'collect-usage'");
}

function eventsOf(userId: string) {
  return queryAsOwner("SELECT action, outcome, account_id FROM audit_event WHERE actor_id = $1 ORDER BY id", [
    userId,
  ]);
}

describe("an operator who wants usage measured now", () => {
  test("has the job queued and stands in the log", async () => {
    const { id } = await makeUser({ providerRole: "operator" });
    await requestCollection(await contextOf(id, null), {});
    expect(await queuedJobs()).toEqual([{ data: {} }]);
    expect(await eventsOf(id)).toEqual([{ action: "usage:collect", outcome: "succeeded", account_id: null }]);
  });

  test("nobody else has", async () => {
    const before = await queuedJobs();
    const support = await makeUser({ providerRole: "support" });
    const owner = await makeMember(await makeAccount(), "owner");
    for (const { id } of [support, owner]) {
      await expect(requestCollection(await contextOf(id, null), {})).rejects.toMatchObject({
        code: "forbidden",
      });
      expect(await eventsOf(id)).toMatchObject([{ action: "usage:collect", outcome: "refused" }]);
    }
    expect(await queuedJobs()).toEqual(before);
  });
});
