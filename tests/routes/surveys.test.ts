// Hidden bytes, previews of lifecycle rules and the counts behind them, as pages: with the embedded store behind them.
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { storage } = engine;
const { signedInMember } = await import("#tests/support/cast.ts");
const { runSurvey } = await import("#app/domain/surveys/run-survey.ts");

const english = { "Accept-Language": "en" };

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
let ours: Tenant;
let owner: Visitor;
let developer: Visitor;
let home: string;

beforeAll(async () => {
  ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
  developer = await signedInMember(ours.account, "developer");
  home = `/accounts/${ours.account.slug}`;
});
afterAll(() => engine.stop());

async function newBucket() {
  const { id, name } = await ours.makeBucket();
  return { id, name, page: `${home}/buckets/${id}`, at: { key: ours.managementKey, bucket: name } };
}
type Bucket = Awaited<ReturnType<typeof newBucket>>;

const put = ({ at }: Bucket, object: string, size: number) =>
  storage.putObject({ ...at, object, body: Readable.from(["x".repeat(size)]), contentType: "text/plain" });

/** A current version of 1,000 bytes, an old one of 3,000, a delete marker, and an upload of 500. */
async function fill(bucket: Bucket) {
  await storage.setVersioning({
    managementKey: ours.managementKey,
    bucket: bucket.name,
    versioning: "enabled",
  });
  await put(bucket, "a", 3_000);
  await put(bucket, "a", 1_000);
  await storage.deleteObjects({ ...bucket.at, objects: [{ object: "never was" }] });
  const upload = { ...bucket.at, object: "film.mov" };
  const { uploadId } = await storage.createUpload(upload);
  const part = { ...upload, uploadId, partNumber: 1, endpoint: engine.store.endpoint, expiresInSeconds: 60 };
  await fetch(await storage.presignPart(part), { method: "PUT", body: "x".repeat(500) });
}

/** What the worker does. */
async function runQueued({ id }: Bucket) {
  const waiting = await queryAsOwner<{ id: string }>(
    "SELECT id FROM bucket_survey WHERE bucket_id = $1 AND state = 'queued'",
    [id],
  );
  for (const survey of waiting) await runSurvey(survey.id, randomUUID());
  return waiting.length;
}

async function ask(who: Visitor, path: string): Promise<Answer> {
  const answer = await who.get(path, english);
  expect([path, answer.status]).toEqual([path, 200]);
  expect(await htmlProblems(answer.text)).toEqual([]);
  return answer;
}

/** The text of a page, without its markup. */
const wordsOf = ({ text }: Answer) =>
  text
    .replace(/<script[\s\S]*?<\/script>/g, "")
    .replace(/<!-- -->/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

describe("hidden bytes of a bucket", () => {
  test("are told by the engine at once, and counted on request", async () => {
    const bucket = await newBucket();
    await fill(bucket);
    const page = `${bucket.page}/hidden-bytes`;
    const before = wordsOf(await ask(owner, page));
    for (const words of ["2.93 KiB", "66.7%", "not counted yet", "Count now", "Total: 4.39 KiB"])
      expect(before).toContain(words);
    // What the AWS CLI says, to the byte.
    expect(before).toContain("Total Size: 1000");
    expect(before).not.toContain("Total Objects");

    const asked = await owner.post(`${bucket.page}/surveys/new`, {}, english);
    expect([asked.status, asked.location]).toEqual([302, page]);
    const meanwhile = await ask(owner, page);
    expect(wordsOf(meanwhile)).toContain("The bucket is being counted.");
    expect(meanwhile.text).toContain("<progress");
    expect(meanwhile.text).not.toContain("Count now");

    expect(await runQueued(bucket)).toBe(1);
    const after = await ask(owner, page);
    expect(after.text).not.toContain("<progress");
    const words = wordsOf(after);
    for (const text of [
      "Total Objects: 1",
      "1 delete marker has nothing behind it",
      "The oldest unfinished upload",
      "Count again",
      "all that is stored: 4.39 KiB",
      "current objects only: 1,000 B",
      "The 3.42 KiB between them",
    ])
      expect(words).toContain(text);
  });

  test("one form makes one rule, which the page then offers to change", async () => {
    const bucket = await newBucket();
    await fill(bucket);
    const page = `${bucket.page}/hidden-bytes`;
    const { text } = await ask(owner, page);
    expect(text).toMatch(new RegExp(`formaction="${bucket.page}/lifecycle/preview"`, "i"));
    const fields = { id: "balde-hidden-bytes", enabled: "on", noncurrentDays: "30", abortDays: "7" };
    const wrong = await owner.post(page, { ...fields, noncurrentDays: "0" }, english);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("There is a problem");
    expect(wrong.text).toContain('value="0"');
    const nothing = await owner.post(page, { id: fields.id, enabled: "on" }, english);
    expect(nothing.status).toBe(400);

    const saved = await owner.post(page, { ...fields, expiration: "markers" }, english);
    expect([saved.status, saved.location]).toEqual([302, page]);
    expect(await storage.getLifecycle({ managementKey: ours.managementKey, bucket: bucket.name })).toEqual([
      {
        id: "balde-hidden-bytes",
        enabled: true,
        filter: {},
        expiration: { expiredDeleteMarkers: true },
        noncurrentExpiration: { days: 30 },
        abortUploadsAfterDays: 7,
      },
    ]);
    const again = await ask(owner, page);
    expect(again.text).toContain(`${bucket.page}/lifecycle/rule?id=balde-hidden-bytes`);
    expect(again.text).not.toContain('name="noncurrentDays"');
  });

  test("a developer looks and does not ask; another account's bucket is not there", async () => {
    const bucket = await newBucket();
    const page = `${bucket.page}/hidden-bytes`;
    const { text } = await ask(developer, page);
    for (const control of ["Count now", "Save this rule"]) expect(text).not.toContain(control);
    expect((await developer.post(`${bucket.page}/surveys/new`)).status).toBe(403);
    expect((await developer.post(page, { noncurrentDays: "1" })).status).toBe(403);
    const theirs = await engine.makeTenant();
    const stranger = await signedInMember(theirs.account, "owner");
    const elsewhere = `/accounts/${theirs.account.slug}/buckets/${bucket.id}`;
    expect((await stranger.get(`${elsewhere}/hidden-bytes`)).status).toBe(404);
    expect((await stranger.post(`${elsewhere}/surveys/new`)).status).toBe(404);
    expect((await stranger.post(`${elsewhere}/lifecycle/preview`, { abortDays: "1" })).status).toBe(404);
  });
});

describe("a preview", () => {
  test("shows what a rule would delete, and saves it as it is", async () => {
    const bucket = await newBucket();
    await fill(bucket);
    const preview = `${bucket.page}/lifecycle/preview`;
    const wrong = await owner.post(preview, { expiration: "days", prefix: "kept/" }, english);
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain("There is a problem");
    expect(wrong.text).toContain('value="kept/"');
    expect(wrong.text).toContain(`action="${bucket.page}/lifecycle/new"`);
    expect(await runQueued(bucket)).toBe(0);

    const fields = { expiration: "days", days: "20", noncurrentDays: "10", id: "tidy", enabled: "on" };
    const asked = await owner.post(preview, fields, english);
    expect(asked.status).toBe(302);
    const page = asked.location ?? "";
    expect(page).toMatch(new RegExp(`^${bucket.page}/surveys/[0-9a-f-]{36}$`));
    expect((await ask(owner, page)).text).toContain("<progress");
    const other = await owner.post(preview, { ...fields, days: "21" }, english);
    expect([other.status, wordsOf(other)]).toEqual([
      409,
      expect.stringContaining("Another count of this bucket"),
    ]);
    await runQueued(bucket);
    const words = wordsOf(await ask(owner, page));
    // Nothing is old enough today; in 30 days the object is hidden, and then the version behind it is gone.
    for (const text of [
      "Objects, for good nothing nothing",
      "Objects, turned into old versions nothing 1 1,000 B",
      "Old versions nothing 1 2.93 KiB",
      "Delete markers nothing 1",
      "Space that becomes free 0 B 2.93 KiB",
      "rounded up to the next 00:00 UTC",
    ])
      expect(words).toContain(text);

    const form = await ask(
      owner,
      /href="([^"]*\/lifecycle\/new\?[^"]*)"/
        .exec((await owner.get(page)).text)?.[1]
        ?.replaceAll("&amp;", "&") ?? "",
    );
    expect(form.text).toMatch(/name="noncurrentDays"[^>]*value="10"/);
    expect(form.text).toMatch(/name="days"[^>]*value="20"/);
    const saved = await owner.post(`${page}/saving`, {}, english);
    expect([saved.status, saved.location]).toEqual([302, `${bucket.page}/lifecycle`]);
    const [rule] = await storage.getLifecycle({ managementKey: ours.managementKey, bucket: bucket.name });
    expect(rule).toMatchObject({ id: "tidy", enabled: true, expiration: { days: 20 } });
    // Sent twice it is there once.
    expect((await owner.post(`${page}/saving`, {}, english)).status).toBe(302);
    await ask(owner, `${page}/saving`);
  });

  test("of a change saves the change, unless somebody was faster", async () => {
    const bucket = await newBucket();
    const key = { managementKey: ours.managementKey, bucket: bucket.name };
    const rules = [{ id: "uploads & more", enabled: true, filter: {}, abortUploadsAfterDays: 3 }];
    await storage.setLifecycle({ ...key, rules });
    const query = `?${new URLSearchParams({ id: "uploads & more" })}`;
    const { text } = await owner.get(`${bucket.page}/lifecycle/rule${query}`);
    const fingerprint = /name="fingerprint"[^>]*value="([0-9a-f]{64})"/.exec(text)?.[1] ?? "";
    const fields = { fingerprint, id: "uploads & more", enabled: "on", abortDays: "9" };
    const refused = await owner.post(
      `${bucket.page}/lifecycle/preview${query}`,
      { ...fields, abortDays: "0" },
      english,
    );
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(fingerprint);
    const asked = await owner.post(`${bucket.page}/lifecycle/preview${query}`, fields, english);
    await runQueued(bucket);
    const page = new URL(asked.location ?? "", "http://localhost");
    expect(Object.fromEntries(page.searchParams)).toEqual({ id: "uploads & more", fingerprint });
    await ask(owner, page.pathname + page.search);
    const saving = `${page.pathname}/saving${page.search}`;
    expect((await owner.post(saving, {}, english)).status).toBe(302);
    expect(await storage.getLifecycle(key)).toMatchObject([
      { id: "uploads & more", abortUploadsAfterDays: 9 },
    ]);

    await storage.setLifecycle({
      ...key,
      rules: [{ ...rules[0], abortUploadsAfterDays: 5 } as (typeof rules)[0]],
    });
    const late = await owner.post(saving, {}, english);
    expect(late.status).toBe(409);
    expect(wordsOf(late)).toContain("Somebody changed these settings");
    expect(await storage.getLifecycle(key)).toMatchObject([{ abortUploadsAfterDays: 5 }]);
  });

  test("a survey without a rule has nothing to save, and an unknown one is not there", async () => {
    const bucket = await newBucket();
    await owner.post(`${bucket.page}/surveys/new`);
    await runQueued(bucket);
    const [survey] = await queryAsOwner<{ id: string }>("SELECT id FROM bucket_survey WHERE bucket_id = $1", [
      bucket.id,
    ]);
    const page = `${bucket.page}/surveys/${survey?.id}`;
    expect(wordsOf(await ask(owner, page))).toContain(`Count of ${bucket.name}`);
    expect((await owner.post(`${page}/saving`)).status).toBe(404);
    for (const id of [randomUUID(), "x"])
      expect((await owner.get(`${bucket.page}/surveys/${id}`)).status).toBe(404);
    const other = await newBucket();
    expect((await owner.get(`${other.page}/surveys/${survey?.id}`)).status).toBe(404);
  });
});

describe("hidden bytes of all buckets", () => {
  test("sums and rows, and one form to count them all", async () => {
    const tenant = await engine.makeTenant();
    const page = `/accounts/${tenant.account.slug}/storage/hidden-bytes`;
    const theirs = await signedInMember(tenant.account, "owner");
    expect(wordsOf(await ask(theirs, page))).toContain("No buckets yet");
    for (const [name, size] of [
      ["primeiro", 2_048],
      ["segundo", 1_024],
    ] as const) {
      await tenant.makeBucket(name);
      await engine.client(tenant.managementKey).put(name, "a", "x".repeat(size));
    }
    const before = wordsOf(await ask(theirs, page));
    for (const words of ["None of your buckets has been counted yet", "primeiro", "segundo", "Never"])
      expect(before).toContain(words);
    await ask(theirs, `${page}/measuring`);
    const asked = await theirs.post(`${page}/measuring`, {}, english);
    expect([asked.status, asked.location]).toEqual([302, page]);
    expect(wordsOf(await ask(theirs, page))).toContain("2 buckets are being counted.");
    const waiting = await queryAsOwner<{ id: string }>(
      "SELECT id FROM bucket_survey WHERE account_id = $1 AND state = 'queued'",
      [tenant.account.id],
    );
    for (const { id } of waiting) await runSurvey(id, randomUUID());
    const after = wordsOf(await ask(theirs, page));
    for (const words of ["Total: 3 KiB", "2 of 2 buckets counted", "Objects"]) expect(after).toContain(words);
    const usage = await theirs.get(`/accounts/${tenant.account.slug}/usage`);
    expect(usage.status).toBe(200);
  });
});

describe("while the engine hangs", () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await newBucket();
    await fill(bucket);
    await owner.post(`${bucket.page}/surveys/new`);
    await runQueued(bucket);
    process.kill(engine.store.pid(), "SIGSTOP");
  });
  afterAll(() => {
    process.kill(engine.store.pid(), "SIGCONT");
  });

  test("pages show what was counted, with its time, and within three seconds", async () => {
    for (const path of [`${bucket.page}/hidden-bytes`, `${home}/storage/hidden-bytes`]) {
      const startedAt = performance.now();
      const words = wordsOf(await ask(owner, path));
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect(words).toContain("2.93 KiB");
    }
    const words = wordsOf(await ask(owner, `${bucket.page}/hidden-bytes`));
    expect(words).toContain("Counted on");
    expect(words).toContain("The storage did not answer");
    const asked = await owner.post(`${bucket.page}/surveys/new`, {}, english);
    expect(asked.status).toBe(302);
  });
});
