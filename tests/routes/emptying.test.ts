// Emptying a bucket through its pages, on the embedded store; the job runs where the worker would.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { signedInMember } = await import("#tests/support/cast.ts");
const { removeBucket } = await import("#app/domain/buckets/remove-bucket.ts");
const { runEmptying } = await import("#app/domain/emptying/run-emptying.ts");

const english = { "Accept-Language": "en" };

let ours: Awaited<ReturnType<typeof engine.makeTenant>>;
let owner: Visitor;
let developer: Visitor;
let stranger: Visitor;
let bucket: { id: string; name: string; page: string };

beforeAll(async () => {
  ours = await engine.makeTenant();
  owner = await signedInMember(ours.account, "owner");
  developer = await signedInMember(ours.account, "developer");
  stranger = await signedInMember((await engine.makeTenant()).account, "owner");
});
afterAll(() => engine.stop());
beforeEach(async () => {
  const { id, name } = await ours.makeBucket();
  for (const key of ["a", "b"]) await engine.client(ours.managementKey).put(name, key);
  bucket = { id, name, page: `/accounts/${ours.account.slug}/buckets/${id}` };
});

async function see(path: string, who = owner): Promise<Answer> {
  const answer = await who.get(bucket.page + path, english);
  expect(await htmlProblems(answer.text)).toEqual([]);
  return answer;
}
const send = (path: string, fields: Record<string, string>, who = owner) =>
  who.post(bucket.page + path, fields, english);

async function emptyingId(): Promise<string> {
  const [row] = await queryAsOwner<{ id: string }>(
    "SELECT id FROM bucket_emptying WHERE bucket_id = $1 ORDER BY created_at DESC LIMIT 1",
    [bucket.id],
  );
  return row?.id ?? "";
}

test("a full bucket is not deleted but emptied first, and then deleted", async () => {
  const deletion = await see("/deletion");
  expect(deletion.text).toContain("There is something in this bucket");
  expect(deletion.text).toContain("It holds 2 versions and delete markers");
  expect(deletion.text).toContain(`${bucket.page}/emptying?deletesBucket`);
  expect(deletion.text).not.toContain('type="text"');

  const form = await see("/emptying?deletesBucket");
  expect(form.text).toMatch(/<input[^>]*name="deletesBucket"[^>]*checked/);
  expect((await see("/emptying")).text).not.toMatch(/<input[^>]*name="deletesBucket"[^>]*checked/);

  const wrong = await send("/emptying", { name: "another" });
  expect([wrong.status, await emptyingId()]).toEqual([400, ""]);
  const begun = await send("/emptying", { name: bucket.name, deletesBucket: "on" });
  expect([begun.status, begun.location]).toEqual([302, `${bucket.page}/emptying`]);
  const waiting = await see("/emptying");
  expect(waiting.text).toContain("It is about to start");
  expect(waiting.text).toContain("The bucket will be deleted once it is empty.");
  expect(waiting.text).toContain("<progress");
  expect((await see("/deletion")).text).toContain("It is being emptied now");
  expect((await send("/emptying", { name: bucket.name })).status).toBe(409);

  await runEmptying(await emptyingId(), randomUUID());
  await removeBucket(bucket.id, randomUUID());
  const gone = await owner.get(`${bucket.page}/emptying`, english);
  expect(gone.location).toBe(`/accounts/${ours.account.slug}/buckets`);
  expect((await owner.get(gone.location ?? "", english)).text).toContain(
    `The bucket ${bucket.name} was deleted.`,
  );
  const notices = await owner.get("/notifications", english);
  expect(notices.text).toContain(
    `Emptying of the bucket ${bucket.name}: empty. Versions and delete markers removed: 2.`,
  );
});

test("it can be stopped, on a page of its own, and says what came of it", async () => {
  expect((await owner.get(`${bucket.page}/emptying/stop`)).location).toBe(`${bucket.page}/emptying`);
  await send("/emptying", { name: bucket.name });
  expect((await see("/emptying")).text).toContain(`${bucket.page}/emptying/stop`);
  expect((await see("/emptying/stop")).status).toBe(200);
  expect((await send("/emptying/stop", {})).location).toBe(`${bucket.page}/emptying`);
  const stopping = await see("/emptying");
  expect(stopping.text).toContain("It stops after the batch that it is working on");
  expect(stopping.text).not.toContain(`${bucket.page}/emptying/stop`);
  await runEmptying(await emptyingId(), randomUUID());
  const stopped = await see("/emptying");
  expect(stopped.text).toContain("The emptying was stopped");
  expect(stopped.text).toContain("Empty the bucket");
  expect((await see("/deletion")).text).toContain("There is something in this bucket");
});

test("an emptied bucket says so, and can be deleted as before", async () => {
  await send("/emptying", { name: bucket.name });
  await runEmptying(await emptyingId(), randomUUID());
  const page = await see("/emptying");
  expect(page.text).toContain("The bucket was emptied");
  expect(page.text).toContain("The bucket is empty");
  expect((await see("/deletion")).text).toContain("Delete bucket");
  expect((await send("/deletion", { name: bucket.name })).status).toBe(302);
});

test("a developer sees how far it is, and begins and stops nothing; another account sees nothing", async () => {
  expect((await developer.get(`${bucket.page}/emptying`, english)).status).toBe(403);
  expect((await send("/emptying", { name: bucket.name }, developer)).status).toBe(403);
  await send("/emptying", { name: bucket.name });
  const progress = await see("/emptying", developer);
  expect([progress.status, progress.text.includes(`${bucket.page}/emptying/stop`)]).toEqual([200, false]);
  expect((await developer.get(`${bucket.page}/emptying/stop`, english)).status).toBe(403);
  expect((await send("/emptying/stop", {}, developer)).status).toBe(403);
  for (const path of ["/emptying", "/emptying/stop", "/deletion"]) {
    expect((await stranger.get(bucket.page + path, english)).status).toBe(404);
    expect((await send(path, { name: bucket.name }, stranger)).status).toBe(404);
  }
  await runEmptying(await emptyingId(), randomUUID());
  const result = await see("/emptying", developer);
  expect([result.status, result.text.includes("The bucket was emptied")]).toEqual([200, true]);
  expect(result.text).not.toContain('type="text"');
});

test("with the engine away the page says what it knows", async () => {
  await engine.store.kill();
  try {
    const page = await see("/emptying");
    expect([page.status, page.text.includes("Not known now")]).toEqual([200, true]);
    expect((await see("/deletion")).text).toContain("Delete bucket");
    expect((await send("/emptying", { name: bucket.name })).status).toBe(302);
  } finally {
    await engine.store.start();
  }
});
