import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage, statusOf } from "#tests/support/storage.ts";

const engine = await startStorage();
const { makeMember } = await import("#tests/support/scenario.ts");
const { createAccessKey } = await import("../access-keys/create-access-key.ts");
const { getAccessKey } = await import("../access-keys/read-access-keys.ts");
const { finishRevocation, revokeAccessKey } = await import("../access-keys/revoke-access-key.ts");
const { settleAccessKeys } = await import("../access-keys/settle-access-keys.ts");
const { deactivateAccessKey } = await import("../access-keys/switch-access-key.ts");
const { engineUser } = await import("../access-keys/engine-key.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { countAttempt } = await import("../identity/throttling/throttle.ts");
const { extendRotation } = await import("./extend-rotation.ts");
const { finishRotation } = await import("./finish-rotation.ts");
const { readOverlapBounds } = await import("./overlap.ts");
const { findRotation, listRotationMarks } = await import("./read-rotations.ts");
const { settleRotations } = await import("./settle-rotations.ts");
const { startRotation } = await import("./start-rotation.ts");
const { undoRotation } = await import("./undo-rotation.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let bucket: { id: string; name: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  bucket = await activeBucket(ours);
});
afterAll(() => engine.stop());
// Each test looks at its own alone, and the clock at all of them.
beforeEach(async () => {
  await queryAsOwner("UPDATE access_key_rotation SET state = 'undone' WHERE state = 'running'");
});

async function activeBucket(tenant: Tenant) {
  const { id, name } = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(id, randomUUID());
  return { id, name };
}

const wanted = { name: "backup", permission: "read_write", scope: "all" } as const;

async function rotating(values: { tenant?: Tenant; overlap?: string; key?: object } = {}) {
  const { tenant = ours, overlap = "7", key = {} } = values;
  const old = await createAccessKey(tenant.owner, { ...wanted, ...key });
  const made = await startRotation(tenant.owner, { id: old.id, name: "backup 2", overlap });
  return { old, made };
}

/** Moves a rotation in time, so that so much of it is left. */
async function setUntil(oldKeyId: string, left: string, since = "3 days") {
  await queryAsOwner(
    `UPDATE access_key_rotation SET until = now() + $2::interval, created_at = now() - $3::interval
     WHERE old_key_id = $1 AND state = 'running'`,
    [oldKeyId, left, since],
  );
}

async function stateOf(oldKeyId: string, tenant = ours) {
  return (await findRotation(tenant.owner, oldKeyId))?.state;
}

async function keyState(id: string, tenant = ours) {
  return (await getAccessKey(tenant.owner, id)).state;
}

const works = async (key: Parameters<typeof engine.client>[0]) =>
  (await statusOf(engine.client(key).list(bucket.name))) === 200;

/** What the owner was told of a key's rotation, oldest first: in the console, and as often by mail. */
async function told(oldKeyId: string) {
  const rows = await queryAsOwner<{ kind: string; mails: number }>(
    `SELECT n.kind, (SELECT count(*)::int FROM email e WHERE e.message = n.kind AND e.data->'data'->>'keyId' = $1) AS mails
     FROM notification n WHERE n.data->>'keyId' = $1 ORDER BY n.created_at, n.id`,
    [oldKeyId],
  );
  for (const { mails } of rows) expect(mails).toBe(1);
  return rows.map(({ kind }) => kind.replace("access-key-rotation-", ""));
}

const settle = () => settleRotations(randomUUID());

/** The state once the clock has gone on. */
async function settledState(oldKeyId: string) {
  await settle();
  return stateOf(oldKeyId);
}

describe("starting", () => {
  test("makes a key that may do the same, beside the old one, which works on", async () => {
    const old = await createAccessKey(ours.owner, {
      ...wanted,
      permission: "read",
      scope: "chosen",
      buckets: [bucket.id],
    });
    const made = await startRotation(ours.owner, { id: old.id, name: "backup 2", overlap: "7" });
    expect(made).toMatchObject({ name: "backup 2", expiresAt: null });
    expect(await getAccessKey(ours.owner, made.id)).toMatchObject({
      state: "active",
      permission: "read",
      allBuckets: false,
      buckets: [{ id: bucket.id }],
    });
    expect([await works(old), await works(made)]).toEqual([true, true]);
    expect(await statusOf(engine.client(made).put(bucket.name, "x"))).toBe(403);
    const [row] = await queryAsOwner<{ days: number; clock: string }>(
      `SELECT ($1::timestamptz AT TIME ZONE 'America/Sao_Paulo')::date
              - (now() AT TIME ZONE 'America/Sao_Paulo')::date AS days,
              ($1::timestamptz AT TIME ZONE 'America/Sao_Paulo')::time::text AS clock`,
      [made.until],
    );
    expect(row).toEqual({ days: 7, clock: "23:59:59.999" });
    expect(await findRotation(ours.owner, made.id)).toMatchObject({
      role: "new",
      state: "running",
      until: made.until,
      oldKey: { id: old.id },
      newKey: { id: made.id },
    });
    const marks = await listRotationMarks(ours.owner, [old.id]);
    expect(marks.get(old.id)).toMatchObject({ role: "old", until: made.until });
    expect(await told(old.id)).toEqual(["started"]);
  });

  test("tells owners, admins and the developer who made the key, and no other", async () => {
    const tenant = await engine.makeTenant();
    const old = await createAccessKey(tenant.owner, wanted);
    const [admin, maker, other] = await Promise.all([
      makeMember(tenant.account, "admin"),
      makeMember(tenant.account, "developer"),
      makeMember(tenant.account, "developer"),
    ]);
    await queryAsOwner("UPDATE access_key SET created_by_id = $2 WHERE id = $1", [old.id, maker.id]);
    await startRotation(tenant.owner, { id: old.id, name: "x", overlap: "1" });
    const rows = await queryAsOwner<{ user_id: string }>(
      "SELECT user_id FROM notification WHERE account_id = $1",
      [tenant.account.id],
    );
    const ids = rows.map(({ user_id }) => user_id);
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(expect.arrayContaining([admin.id, maker.id]));
    expect(ids).not.toContain(other.id);
  });

  test("a form that is posted twice makes one key and one rotation", async () => {
    const old = await createAccessKey(ours.owner, wanted);
    const input = { id: old.id, name: "x", overlap: "1", requestId: randomUUID() };
    const answers = await Promise.allSettled([1, 2, 3].map(() => startRotation(ours.owner, input)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === "rejected") expect(answer.reason.code).toBe("secret-already-shown");
    const rows = await queryAsOwner("SELECT 1 FROM access_key_rotation WHERE old_key_id = $1", [old.id]);
    expect(rows).toHaveLength(1);
  });

  test("of two people at once one rotates the key; of the other's nothing is left", async () => {
    const tenant = await engine.makeTenant();
    const old = await createAccessKey(tenant.owner, wanted);
    const admin = await tenant.contextOf("admin");
    const answers = await Promise.allSettled(
      [tenant.owner, admin].map((who) => startRotation(who, { id: old.id, name: "x", overlap: "1" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = answers.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(refused.reason.code).toBe("conflict");
    await settleAccessKeys(randomUUID());
    expect(await engine.storage.listAccessKeys(tenant.tenant)).toHaveLength(2);
  });

  test("only an active key that is in no rotation, of this account", async () => {
    const { old, made } = await rotating();
    const input = { name: "x", overlap: "1" };
    for (const { id } of [old, made])
      await expect(startRotation(ours.owner, { ...input, id })).rejects.toMatchObject({ code: "conflict" });
    const stopped = await createAccessKey(ours.owner, wanted);
    await deactivateAccessKey(ours.owner, { id: stopped.id });
    await expect(startRotation(ours.owner, { ...input, id: stopped.id })).rejects.toMatchObject({
      code: "conflict",
    });
    const theirs = await engine.makeTenant();
    const foreign = await createAccessKey(theirs.owner, wanted);
    await expect(startRotation(ours.owner, { ...input, id: foreign.id })).rejects.toMatchObject({
      code: "not-found",
    });
    const developer = await ours.contextOf("developer");
    await expect(startRotation(developer, { ...input, id: old.id })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  test("an old key that is revoked meanwhile: the new key is there with its rotation, or not at all", async () => {
    for (let round = 0; round < 6; round++) {
      const tenant = await engine.makeTenant();
      const old = await createAccessKey(tenant.owner, wanted);
      const [started] = await Promise.allSettled([
        startRotation(tenant.owner, { id: old.id, name: "x", overlap: "1" }),
        new Promise((resolve) => setTimeout(resolve, round * 8)).then(() =>
          revokeAccessKey(tenant.owner, { id: old.id }),
        ),
      ]);
      await settleAccessKeys(randomUUID());
      await settle();
      const users = (await engine.storage.listAccessKeys(tenant.tenant)).map(({ user }) => user);
      if (started.status === "fulfilled") {
        expect(users).toEqual([engineUser(started.value.id)]);
        expect(await stateOf(old.id, tenant)).toBe("finished");
      } else {
        expect(started.reason.code).toBe("conflict");
        expect(users).toEqual([]);
        expect(await findRotation(tenant.owner, old.id)).toBeNull();
      }
    }
  });

  test("an engine that is down leaves nothing, and the same form may be posted again", async () => {
    const old = await createAccessKey(ours.owner, wanted);
    const input = { id: old.id, name: "x", overlap: "1", requestId: randomUUID() };
    await engine.store.kill();
    await expect(startRotation(ours.owner, input)).rejects.toMatchObject({ code: "engine-unavailable" });
    await engine.store.start();
    expect(await findRotation(ours.owner, old.id)).toBeNull();
    expect(await told(old.id)).toEqual([]);
    const made = await startRotation(ours.owner, input);
    expect(await works(made)).toBe(true);
  });

  test("is started a hundred times an hour at most: each has the engine make a key, and owners mailed", async () => {
    const tenant = await engine.makeTenant();
    const old = await createAccessKey(tenant.owner, wanted);
    for (let attempt = 0; attempt < 100; attempt += 1) await countAttempt("rotations", tenant.account.id);
    const again = startRotation(tenant.owner, { id: old.id, name: "backup 2", overlap: "7" });
    await expect(again).rejects.toMatchObject({ code: "too-many-attempts" });
  });

  test("goes one over the quota, and no further", async () => {
    const tenant = await engine.makeTenant();
    const old = await createAccessKey(tenant.owner, wanted);
    await queryAsOwner(
      "UPDATE quota SET limit_value = 1 WHERE account_id = $1 AND resource = 'access_keys'",
      [tenant.account.id],
    );
    await startRotation(tenant.owner, { id: old.id, name: "x", overlap: "1" });
    const full = { code: "quota-exceeded", params: { limit: 1 } };
    await expect(createAccessKey(tenant.owner, wanted)).rejects.toMatchObject(full);
    await expect(undoRotation(tenant.owner, { id: old.id, newKey: "keep" })).rejects.toMatchObject(full);
    expect(await undoRotation(tenant.owner, { id: old.id, newKey: "revoke" })).toMatchObject({
      newKey: "revoked",
    });
  });

  test("no secret stands in the audit log, a notification, a mail or a job", async () => {
    const { old, made } = await rotating();
    await finishRotation(ours.owner, { id: old.id });
    for (const table of ["audit_event", "notification", "email", "pgboss.job"]) {
      const rows = await queryAsOwner(`SELECT 1 FROM ${table} t WHERE t::text LIKE '%' || $1 || '%'`, [
        made.secretAccessKey,
      ]);
      expect([table, rows]).toEqual([table, []]);
    }
    const actions = await queryAsOwner<{ action: string }>(
      "SELECT action FROM audit_event WHERE resource_id = $1 AND outcome = 'succeeded' ORDER BY id",
      [old.id],
    );
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["access-keys:rotate", "access-keys:finish-rotation"]),
    );
  });
});

describe("how long both work", () => {
  const day = (offset: number) => {
    const now = new Date(Date.now() + offset * 86_400_000);
    return new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Sao_Paulo" }).format(now);
  };

  test.each([
    ["a day that is over", { overlap: "date", untilDay: day(-1) }, "untilDay", "dateInThePast"],
    ["no day", { overlap: "date" }, "untilDay", "required"],
    ["no choice", {}, "overlap", "chooseOne"],
    ["more than a year", { overlap: "date", untilDay: day(366) }, "untilDay", "overlapTooLong"],
    ["longer than the new key", { overlap: "7", expiresOn: day(7) }, "expiresOn", "endBeforeOverlap"],
    ["a new key that has ended", { overlap: "1", expiresOn: day(-1) }, "expiresOn", "dateInThePast"],
  ])("%s is refused", async (_, input, field, message) => {
    const old = await createAccessKey(ours.owner, wanted);
    await expect(startRotation(ours.owner, { id: old.id, name: "x", ...input })).rejects.toMatchObject({
      issues: [{ path: [field], message }],
    });
    const rows = await queryAsOwner("SELECT 1 FROM access_key_rotation WHERE old_key_id = $1", [old.id]);
    expect(rows).toEqual([]);
  });

  test("is at most as long as the old key's own end, which is not touched", async () => {
    const old = await createAccessKey(ours.owner, { ...wanted, expiresOn: day(3) });
    const bounds = { accountId: ours.account.id, oldExpiresAt: old.expiresAt, running: null };
    expect(await readOverlapBounds(bounds)).toEqual({
      earliestDay: day(0),
      latestDay: day(3),
      days: ["1"],
    });
    await expect(startRotation(ours.owner, { id: old.id, name: "x", overlap: "7" })).rejects.toMatchObject({
      issues: [{ path: ["overlap"], message: "overlapTooLong", params: { latest: day(3) } }],
    });
    const made = await startRotation(ours.owner, {
      id: old.id,
      name: "x",
      overlap: "date",
      untilDay: day(3),
    });
    expect(made.until).toEqual(old.expiresAt);
    expect((await getAccessKey(ours.owner, old.id)).expiresAt).toEqual(old.expiresAt);
    const shownUntil = made.until.toISOString();
    await expect(extendRotation(ours.owner, { id: old.id, shownUntil, overlap: "1" })).rejects.toMatchObject({
      issues: [{ path: ["overlap"], message: "overlapImpossible" }],
    });
  });

  test("leaves the new key a day more under a policy, which counts for it too", async () => {
    const tenant = await engine.makeTenant();
    const old = await createAccessKey(tenant.owner, wanted);
    await queryAsOwner(
      "INSERT INTO access_key_policy (id, account_id, max_age_days, updated_at) VALUES ($1, $2, 8, now())",
      [randomUUID(), tenant.account.id],
    );
    const bounds = { accountId: tenant.account.id, oldExpiresAt: null, running: null };
    expect(await readOverlapBounds(bounds)).toMatchObject({ latestDay: day(7), days: ["1", "7"] });
    const input = { id: old.id, name: "x", overlap: "7" };
    await expect(startRotation(tenant.owner, input)).rejects.toMatchObject({
      issues: [{ path: ["expiresOn"], message: "endRequired" }],
    });
    const made = await startRotation(tenant.owner, { ...input, expiresOn: day(8) });
    // A policy counts from the beginning: a key is not kept alive by putting its end off again and again.
    await expect(
      extendRotation(tenant.owner, { id: old.id, shownUntil: made.until.toISOString(), overlap: "1" }),
    ).rejects.toMatchObject({ issues: [{ message: "overlapImpossible" }] });
  });

  test("can be extended, once for each form, and people are told before the later end", async () => {
    const { old, made } = await rotating({ overlap: "1" });
    await setUntil(old.id, "12 hours", "12 hours");
    await settle();
    expect(await told(old.id)).toEqual(["started", "ending"]);
    const shown = (await findRotation(ours.owner, old.id))?.until.toISOString() ?? "";
    const input = { id: old.id, shownUntil: shown, overlap: "7" };
    const answers = await Promise.allSettled([1, 2].map(() => extendRotation(ours.owner, input)));
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { until = new Date() } = (await findRotation(ours.owner, old.id)) ?? {};
    const days = (until.getTime() - Date.parse(shown)) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(7);
    expect(days).toBeLessThan(8);
    const [row] = await queryAsOwner("SELECT warned_at FROM access_key_rotation WHERE new_key_id = $1", [
      made.id,
    ]);
    expect(row).toEqual({ warned_at: null });
    await expect(
      extendRotation(ours.owner, {
        id: old.id,
        shownUntil: until.toISOString(),
        overlap: "date",
        untilDay: day(1),
      }),
    ).rejects.toMatchObject({ issues: [{ path: ["untilDay"], message: "overlapNotLonger" }] });
  });
});

describe("the clock", () => {
  test("revokes the old key at the end, not before, and says so once", async () => {
    const { old, made } = await rotating();
    await settle();
    expect([await works(old), await stateOf(old.id)]).toEqual([true, "running"]);
    await setUntil(old.id, "-1 second");
    await Promise.all([settle(), settle(), settle()]);
    await settle();
    expect([await works(old), await works(made)]).toEqual([false, true]);
    expect(await stateOf(old.id)).toBe("finished");
    expect(await keyState(old.id)).toBe("revoked");
    expect(await told(old.id)).toEqual(["started", "finished"]);
  });

  test("a job is there for the very end, and for each later one", async () => {
    const { old, made } = await rotating();
    const input = { id: old.id, shownUntil: made.until.toISOString(), overlap: "1" };
    const { until } = await extendRotation(ours.owner, input);
    const jobs = await queryAsOwner<{ start_after: Date }>(
      "SELECT start_after FROM pgboss.job WHERE name = 'settle-rotations' AND start_after = ANY($1)",
      [[made.until, until]],
    );
    expect(jobs.length).toBeGreaterThanOrEqual(2);
  });

  test.each([
    ["a day before", "23 hours", "6 days", true],
    ["not two days before", "47 hours", "6 days", false],
    ["halfway of a short time", "5 hours", "6 hours", true],
    ["not before", "7 hours", "6 hours", false],
  ])("tells of the end: %s", async (_, left, since, isTold) => {
    const { old } = await rotating();
    await setUntil(old.id, left, since);
    await Promise.all([settle(), settle()]);
    await settle();
    expect(await told(old.id)).toEqual(isTold ? ["started", "ending"] : ["started"]);
  });

  test("an engine that is down: nothing claims to be over, until it has confirmed", async () => {
    const { old } = await rotating();
    await setUntil(old.id, "-1 second");
    await engine.store.kill();
    await settle();
    expect([await keyState(old.id), await stateOf(old.id)]).toEqual(["revoking", "running"]);
    expect(await told(old.id)).toEqual(["started"]);
    const late = { code: "conflict" };
    await expect(undoRotation(ours.owner, { id: old.id, newKey: "keep" })).rejects.toMatchObject(late);
    await engine.store.start();
    // The key's own job, and the next run after it.
    await finishRevocation(old.id, randomUUID());
    await settle();
    expect([await works(old), await stateOf(old.id)]).toEqual([false, "finished"]);
    expect(await told(old.id)).toEqual(["started", "finished"]);
  });

  test("a worker that was killed between the steps is made up for", async () => {
    const { old } = await rotating();
    await setUntil(old.id, "-1 second");
    await queryAsOwner("UPDATE access_key SET state = 'revoking' WHERE id = $1", [old.id]);
    await settle();
    expect(await stateOf(old.id)).toBe("running");
    await finishRevocation(old.id, randomUUID());
    await settle();
    expect(await stateOf(old.id)).toBe("finished");
  });

  test("an extension at the very end either holds, or comes too late: never is the old key revoked before", async () => {
    for (let round = 0; round < 8; round++) {
      const { old } = await rotating();
      await setUntil(old.id, `${(round - 3) * 20} milliseconds`);
      const shownUntil = (await findRotation(ours.owner, old.id))?.until.toISOString() ?? "";
      const [extended] = await Promise.allSettled([
        extendRotation(ours.owner, { id: old.id, shownUntil, overlap: "1" }),
        settle(),
        settle(),
      ]);
      await settle();
      if (extended.status === "fulfilled") {
        expect([await works(old), await stateOf(old.id)]).toEqual([true, "running"]);
      } else {
        expect(extended.reason.code).toBe("conflict");
        await expect.poll(() => settledState(old.id)).toBe("finished");
      }
    }
  });
});

describe("what people do meanwhile", () => {
  test("finish: the old key is refused at once, and it is told once", async () => {
    const { old, made } = await rotating();
    const answers = await Promise.allSettled([1, 2].map(() => finishRotation(ours.owner, { id: old.id })));
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect([await works(old), await works(made)]).toEqual([false, true]);
    expect(await told(old.id)).toEqual(["started", "finished"]);
    const found = await findRotation(ours.owner, old.id);
    expect(found).toMatchObject({ state: "finished", endedAt: expect.any(Date) });
    expect(found?.until.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test("finish, with an engine that is down: the page's answer is the truth", async () => {
    const { old } = await rotating();
    await engine.store.kill();
    expect(await finishRotation(ours.owner, { id: old.id })).toEqual({ state: "revoking" });
    expect(await stateOf(old.id)).toBe("running");
    await engine.store.start();
    await finishRevocation(old.id, randomUUID());
    await settle();
    expect(await stateOf(old.id)).toBe("finished");
  });

  test("undo and revoke the new key, or keep it; the old one stays, past the announced end", async () => {
    const revoked = await rotating();
    expect(await undoRotation(ours.owner, { id: revoked.old.id, newKey: "revoke" })).toMatchObject({
      newKey: "revoked",
    });
    expect([await works(revoked.old), await works(revoked.made)]).toEqual([true, false]);
    expect(await told(revoked.old.id)).toEqual(["started", "undone"]);

    const kept = await rotating();
    expect(await undoRotation(ours.owner, { id: kept.old.id, newKey: "keep" })).toMatchObject({
      newKey: "kept",
    });
    await queryAsOwner("UPDATE access_key_rotation SET until = now() WHERE old_key_id = $1", [kept.old.id]);
    await settle();
    expect([await works(kept.old), await works(kept.made)]).toEqual([true, true]);
    // Either may be replaced again.
    await startRotation(ours.owner, { id: kept.old.id, name: "x", overlap: "1" });
    await startRotation(ours.owner, { id: kept.made.id, name: "x", overlap: "1" });
  });

  test("undo at the very end: exactly one of the two keys is the one that stays", async () => {
    for (let round = 0; round < 6; round++) {
      const { old, made } = await rotating();
      await setUntil(old.id, `${(round - 2) * 20} milliseconds`);
      await Promise.allSettled([
        undoRotation(ours.owner, { id: old.id, newKey: "revoke" }),
        finishRotation(ours.owner, { id: old.id }),
        settle(),
      ]);
      await expect.poll(() => settledState(old.id)).not.toBe("running");
      expect([await works(old), await works(made)].sort()).toEqual([false, true]);
    }
  });

  test("the old key is revoked by hand: finished", async () => {
    const { old, made } = await rotating();
    await revokeAccessKey(ours.owner, { id: old.id });
    await settle();
    expect([await stateOf(old.id), await works(made)]).toEqual(["finished", true]);
    expect(await told(old.id)).toEqual(["started", "finished"]);
  });

  test("the new key is revoked by hand: undone, and the old one stays, past the announced end", async () => {
    const { old, made } = await rotating();
    await revokeAccessKey(ours.owner, { id: made.id });
    await setUntil(old.id, "-1 second");
    await settle();
    expect([await stateOf(old.id), await works(old)]).toEqual(["undone", true]);
    expect(await told(old.id)).toEqual(["started", "undone"]);
  });

  test("both are revoked by hand: finished, and nobody needs to be told", async () => {
    const { old, made } = await rotating();
    for (const { id } of [made, old]) await revokeAccessKey(ours.owner, { id });
    await settle();
    expect(await stateOf(old.id)).toBe("finished");
    expect(await told(old.id)).toEqual(["started"]);
  });

  test("the old key is deactivated: it goes on, and is revoked at the end", async () => {
    const { old } = await rotating();
    await deactivateAccessKey(ours.owner, { id: old.id });
    await settle();
    expect([await stateOf(old.id), await keyState(old.id)]).toEqual(["running", "inactive"]);
    await setUntil(old.id, "-1 second");
    await settle();
    expect([await stateOf(old.id), await keyState(old.id)]).toEqual(["finished", "revoked"]);
  });

  test("the old key ends by itself first: finished", async () => {
    const { old } = await rotating();
    await queryAsOwner("UPDATE access_key SET expires_at = now() - interval '1 second' WHERE id = $1", [
      old.id,
    ]);
    await settleAccessKeys(randomUUID());
    await finishRevocation(old.id, randomUUID());
    await settle();
    expect(await stateOf(old.id)).toBe("finished");
  });

  test("the account is suspended: the end comes as announced; finishing and undoing are possible, the rest is not", async () => {
    const tenant = await engine.makeTenant();
    const [ending, finished, undone] = [
      await rotating({ tenant }),
      await rotating({ tenant }),
      await rotating({ tenant }),
    ];
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [tenant.account.id]);
    const shownUntil = ending.made.until.toISOString();
    const id = ending.old.id;
    await expect(extendRotation(tenant.owner, { id, shownUntil, overlap: "1" })).rejects.toMatchObject({
      code: "account-not-active",
    });
    await setUntil(id, "-1 second");
    await settle();
    expect([await stateOf(id, tenant), await keyState(id, tenant)]).toEqual(["finished", "revoked"]);
    expect(await finishRotation(tenant.owner, { id: finished.old.id })).toEqual({ state: "finished" });
    const answer = await undoRotation(tenant.owner, { id: undone.old.id, newKey: "revoke" });
    expect(answer).toMatchObject({ newKey: "revoked" });
  });

  test("another account's rotation is not there for anybody", async () => {
    const { old } = await rotating();
    const theirs = await engine.makeTenant();
    const id = old.id;
    const shownUntil = new Date().toISOString();
    for (const attempt of [
      () => extendRotation(theirs.owner, { id, shownUntil, overlap: "1" }),
      () => finishRotation(theirs.owner, { id }),
      () => undoRotation(theirs.owner, { id, newKey: "keep" }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not-found" });
    expect(await findRotation(theirs.owner, id)).toBeNull();
    expect((await listRotationMarks(theirs.owner, [id])).size).toBe(0);
  });
});
