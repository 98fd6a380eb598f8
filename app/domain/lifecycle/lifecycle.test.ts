import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LifecycleRule } from "#app/ports/storage/driver.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { storage } = engine;
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { addLifecycleRule } = await import("./add-lifecycle-rule.ts");
const { changeLifecycleRule } = await import("./change-lifecycle-rule.ts");
const { deleteLifecycleRule } = await import("./delete-lifecycle-rule.ts");
const { disableLifecycleRule, enableLifecycleRule } = await import("./switch-lifecycle-rule.ts");
const { readLifecycle, readLifecycleRule } = await import("./read-lifecycle.ts");
const { ruleFingerprint } = await import("./rules.ts");

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;

beforeAll(async () => {
  ours = await engine.makeTenant();
});
afterAll(() => engine.stop());

async function newBucket(rules: LifecycleRule[] = []) {
  const name = `balde-${randomUUID().slice(0, 8)}`;
  const { id: bucketId } = await createBucket(ours.owner, { name });
  await provisionBucket(bucketId, randomUUID());
  const at = { managementKey: ours.managementKey, bucket: name };
  if (rules.length > 0) await storage.setLifecycle({ ...at, rules });
  return {
    bucketId,
    name,
    at,
    rules: () => storage.getLifecycle(at),
    /** What a form about the rule carries. */
    read: (rule: LifecycleRule) => ({ bucketId, ruleId: rule.id, fingerprint: ruleFingerprint(rule) }),
  };
}

const logs: LifecycleRule = {
  id: "logs",
  enabled: true,
  filter: { prefix: "logs/" },
  expiration: { days: 30 },
};
const uploads: LifecycleRule = { id: "uploads", enabled: false, filter: {}, abortUploadsAfterDays: 7 };

describe("adding", () => {
  test("keeps the rules that are there, and is in the audit log with what it says", async () => {
    const bucket = await newBucket([uploads]);
    const added = await addLifecycleRule(ours.owner, {
      bucketId: bucket.bucketId,
      id: "logs",
      enabled: "on",
      prefix: "logs/",
      expiration: "days",
      days: "30",
      sizeGreaterThan: "",
    });
    expect(added).toEqual({ id: "logs" });
    expect(await bucket.rules()).toEqual([uploads, logs]);
    const [event] = await queryAsOwner(
      "SELECT action, outcome, details FROM audit_event WHERE resource_id = $1 ORDER BY id DESC LIMIT 1",
      [bucket.bucketId],
    );
    expect(event).toMatchObject({
      action: "buckets:set-lifecycle",
      outcome: "succeeded",
      details: {
        name: bucket.name,
        change: "add",
        rule: { id: "logs", prefix: "logs/", expiration: { days: 30 } },
      },
    });
  });

  test("the same form twice, also at once, makes one rule; another rule gets another name", async () => {
    const bucket = await newBucket();
    const form = { bucketId: bucket.bucketId, expiration: "days", days: "30", prefix: "a" };
    const first = await addLifecycleRule(ours.owner, form);
    expect(await addLifecycleRule(ours.owner, form)).toEqual(first);
    const attempts = await Promise.allSettled([1, 2].map(() => addLifecycleRule(ours.owner, form)));
    for (const attempt of attempts) {
      if (attempt.status === "rejected") expect(attempt.reason).toMatchObject({ code: "conflict" });
    }
    expect(await bucket.rules()).toHaveLength(1);

    // The rule of the made-up name was changed since.
    const [rule] = (await bucket.rules()) as [LifecycleRule];
    await disableLifecycleRule(ours.owner, bucket.read(rule));
    const other = await addLifecycleRule(ours.owner, { ...form, enabled: "on" });
    expect(other).toEqual({ id: `${first.id}-2` });
    expect(await addLifecycleRule(ours.owner, { ...form, enabled: "on" })).toEqual(other);
    expect(await bucket.rules()).toHaveLength(2);
  });

  test("of different ones at once none is lost: both are kept, or one is told to try again", async () => {
    const bucket = await newBucket();
    const add = (id: string) =>
      addLifecycleRule(ours.owner, { bucketId: bucket.bucketId, id, abortDays: "1" });
    const attempts = await Promise.allSettled(["a", "b", "c"].map(add));
    const refused = attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason] : []));
    for (const reason of refused) expect(reason).toMatchObject({ code: "conflict" });
    expect(await bucket.rules()).toHaveLength(3 - refused.length);
    expect(attempts.some(({ status }) => status === "fulfilled")).toBe(true);
    // Nobody is kept waiting by those that ended.
    await add("d");
  });

  test("a name that another rule has is refused at its field, and so is what S3 would refuse", async () => {
    const bucket = await newBucket([logs]);
    const { bucketId } = bucket;
    await expect(
      addLifecycleRule(ours.owner, { bucketId, id: "logs", abortDays: "1" }),
    ).rejects.toMatchObject({
      issues: [{ path: ["id"], message: "lifecycleNameTaken" }],
    });
    await expect(addLifecycleRule(ours.owner, { bucketId, prefix: "a" })).rejects.toMatchObject({
      issues: [{ path: ["expiration"], message: "lifecycleNoAction" }],
    });
    expect(await bucket.rules()).toEqual([logs]);
  });

  test("the thousandth is the last", async () => {
    const rules = Array.from({ length: 999 }, (_, index) => ({ ...uploads, id: `r${index}` }));
    const bucket = await newBucket(rules);
    const { bucketId } = bucket;
    await addLifecycleRule(ours.owner, { bucketId, id: "last", abortDays: "1" });
    await expect(
      addLifecycleRule(ours.owner, { bucketId, id: "more", abortDays: "1" }),
    ).rejects.toMatchObject({
      issues: [{ path: [], message: "lifecycleTooManyRules" }],
    });
    const { atEngine } = await readLifecycle(ours.owner, bucketId);
    expect(atEngine).toMatchObject({ canAdd: false, rules: { length: 1_000 } });
  });
});

describe("changing", () => {
  test("puts the rule in its place, by another name too; the same again changes nothing", async () => {
    const bucket = await newBucket([logs, uploads]);
    const change = {
      ...bucket.read(logs),
      id: "old logs",
      enabled: "on",
      prefix: "logs/",
      expiration: "date",
      date: "2031-01-01",
    };
    expect(await changeLifecycleRule(ours.owner, change)).toEqual({ id: "old logs" });
    const changed = { ...logs, id: "old logs", expiration: { date: new Date("2031-01-01T00:00:00Z") } };
    expect(await bucket.rules()).toEqual([changed, uploads]);
    await changeLifecycleRule(ours.owner, change);
    expect(await bucket.rules()).toEqual([changed, uploads]);

    // Without a name it keeps the one that it has.
    await changeLifecycleRule(ours.owner, { ...bucket.read(changed), abortDays: "3" });
    expect(await bucket.rules()).toEqual([
      { id: "old logs", enabled: false, filter: {}, abortUploadsAfterDays: 3 },
      uploads,
    ]);
  });

  test("a rule that somebody else changed meanwhile is not overwritten; that of another rule is no matter", async () => {
    const bucket = await newBucket([logs, uploads]);
    const before = bucket.read(logs);
    await enableLifecycleRule(ours.owner, bucket.read(uploads));
    await changeLifecycleRule(ours.owner, { ...before, expiration: "days", days: "31" });
    for (const attempt of [
      () => changeLifecycleRule(ours.owner, { ...before, abortDays: "9" }),
      () => disableLifecycleRule(ours.owner, { ...before, ruleId: "gone" }),
      () => deleteLifecycleRule(ours.owner, before),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "settings-changed" });
    expect(await bucket.rules()).toMatchObject([{ expiration: { days: 31 } }, { enabled: true }]);
  });

  test("the name of another rule is taken", async () => {
    const bucket = await newBucket([logs, uploads]);
    await expect(
      changeLifecycleRule(ours.owner, { ...bucket.read(logs), id: "uploads", abortDays: "1" }),
    ).rejects.toMatchObject({ issues: [{ path: ["id"], message: "lifecycleNameTaken" }] });
  });
});

test("a rule is turned off and on again, and deleted; the last one takes the configuration with it", async () => {
  const bucket = await newBucket([logs]);
  await disableLifecycleRule(ours.owner, bucket.read(logs));
  await disableLifecycleRule(ours.owner, bucket.read(logs));
  const off = { ...logs, enabled: false };
  expect(await bucket.rules()).toEqual([off]);
  await enableLifecycleRule(ours.owner, bucket.read(off));
  expect(await bucket.rules()).toEqual([logs]);
  await deleteLifecycleRule(ours.owner, bucket.read(logs));
  await deleteLifecycleRule(ours.owner, bucket.read(logs));
  expect(await bucket.rules()).toEqual([]);
});

describe("reading", () => {
  test("tells what the engine keeps, whether there are versions, and what can be done with each rule", async () => {
    const odd: LifecycleRule = { ...logs, id: "tab", filter: { prefix: "a\tb" } };
    const bucket = await newBucket([logs, odd]);
    const { bucketName, atEngine } = await readLifecycle(ours.owner, bucket.bucketId);
    expect(bucketName).toBe(bucket.name);
    expect(atEngine).toMatchObject({
      engine: "embedded",
      versioning: "unset",
      canAdd: true,
      features: { sizeFilters: true },
      rules: [
        { rule: logs, canEdit: true, canSwitch: true, canDelete: true },
        { rule: odd, canEdit: false, canSwitch: true, canDelete: true },
      ],
    });
    await storage.setVersioning({ ...bucket.at, versioning: "suspended" });
    expect((await readLifecycle(ours.owner, bucket.bucketId)).atEngine?.versioning).toBe("suspended");
    // What the form cannot say can still be turned off.
    await disableLifecycleRule(ours.owner, bucket.read(odd));
    expect((await bucket.rules())[1]).toEqual({ ...odd, enabled: false });
  });

  test("a rule that is not there is not found, and neither is another account's bucket", async () => {
    const bucket = await newBucket([logs]);
    const theirs = await engine.makeTenant();
    await expect(readLifecycleRule(ours.owner, bucket.bucketId, "other")).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(readLifecycle(theirs.owner, bucket.bucketId)).rejects.toMatchObject({ code: "not-found" });
    await expect(
      addLifecycleRule(theirs.owner, { bucketId: bucket.bucketId, abortDays: "1" }),
    ).rejects.toMatchObject({ code: "not-found" });
    expect((await readLifecycleRule(ours.owner, bucket.bucketId, "logs")).shown?.rule).toEqual(logs);
  });

  test("a developer reads and changes nothing; who reads no storage sees nothing", async () => {
    const bucket = await newBucket([logs]);
    const developer = await ours.contextOf("developer");
    expect((await readLifecycle(developer, bucket.bucketId)).atEngine?.rules).toHaveLength(1);
    await expect(deleteLifecycleRule(developer, bucket.read(logs))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(readLifecycle(await ours.contextOf("billing"), bucket.bucketId)).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

test("while the engine is away nothing is known, and a change says that nothing was changed", async () => {
  const bucket = await newBucket([logs]);
  await engine.store.kill();
  try {
    expect(await readLifecycle(ours.owner, bucket.bucketId)).toEqual({
      bucketName: bucket.name,
      atEngine: null,
    });
    expect((await readLifecycleRule(ours.owner, bucket.bucketId, "logs")).shown).toBeNull();
    await expect(deleteLifecycleRule(ours.owner, bucket.read(logs))).rejects.toMatchObject({
      code: "engine-unavailable",
    });
  } finally {
    await engine.store.start();
  }
  await expect.poll(() => bucket.rules().catch(() => null), { timeout: 10_000 }).toEqual([logs]);
  // The lease of the change that failed was given back.
  await deleteLifecycleRule(ours.owner, bucket.read(logs));
});
