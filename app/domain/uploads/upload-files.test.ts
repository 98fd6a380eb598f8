import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";

const engine = await startStorage();
const { DomainError } = await import("../errors.ts");
const { createBucket } = await import("../buckets/create-bucket.ts");
const { provisionBucket } = await import("../buckets/provision-bucket.ts");
const { uploadFiles } = await import("./upload-files.ts");

let tenant: Awaited<ReturnType<typeof engine.makeTenant>>;
let bucket: { id: string; name: string };

beforeAll(async () => {
  tenant = await engine.makeTenant();
  bucket = await createBucket(tenant.owner, { name: `balde-${randomUUID().slice(0, 8)}` });
  await provisionBucket(bucket.id, randomUUID());
});
afterAll(() => engine.stop());

const file = (name: string, content: string | Readable = name) => ({
  name,
  contentType: "text/plain",
  content: typeof content === "string" ? Readable.from([Buffer.from(content)]) : content,
});

async function* from(...files: ReturnType<typeof file>[]) {
  yield* files;
}

const upload = (files: AsyncIterable<ReturnType<typeof file>>, input: object = {}, context = tenant.owner) =>
  uploadFiles(context, bucket.id, input, files);
const place = (object: string) => ({ key: tenant.managementKey, bucket: bucket.name, object });
const isThere = async (object: string) => engine.storage.headObject(place(object)).then(Boolean, () => false);

test("a claimed type that is none does not keep a file from being stored", async () => {
  const typed = (name: string, contentType: string) => ({ ...file(name), contentType });
  const types = [
    typed("a", "image/svg+xml"),
    typed("b", "text/plain; charset=utf-8"),
    typed("c", "x\r\nSet-Cookie: a"),
    typed("d", `text/${"x".repeat(500)}`),
  ];
  expect((await upload(from(...types))).isComplete).toBe(true);
  const kept = await Promise.all(["a", "b", "c", "d"].map((key) => engine.storage.headObject(place(key))));
  expect(kept.map(({ contentType }) => contentType)).toEqual([
    "image/svg+xml",
    "text/plain; charset=utf-8",
    "application/octet-stream",
    "application/octet-stream",
  ]);
});

test("one that breaks off ends the upload: what came before is stored, it is not, and the log says so", async () => {
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(20 * 1024 * 1024);
      throw new DomainError("unreadable-body");
    })(),
  );
  const { outcomes, isComplete } = await upload(from(file("whole"), file("broken", broken), file("never")));
  expect(outcomes.map(({ key, refusal }) => [key, refusal?.code ?? null])).toEqual([
    ["whole", null],
    ["broken", "unreadable-body"],
  ]);
  expect(isComplete).toBe(false);
  expect([await isThere("whole"), await isThere("broken"), await isThere("never")]).toEqual([
    true,
    false,
    false,
  ]);
  const { uploads } = await engine.storage.listUploads({ ...place(""), limit: 10 });
  expect(uploads).toEqual([]);
  const events = await queryAsOwner<{ outcome: string; code: string | null }>(
    "SELECT outcome, code FROM audit_event WHERE action = 'objects:upload' ORDER BY occurred_at DESC LIMIT 2",
  );
  expect(events).toEqual([
    { outcome: "refused", code: "unreadable-body" },
    { outcome: "succeeded", code: null },
  ]);
});

test("a role that is taken away in the middle of it ends at the next file", async () => {
  const admin = await tenant.contextOf("admin");
  const { actor } = admin;
  const userId = actor.kind === "user" ? actor.userId : "";
  async function* files() {
    yield file("still-admin");
    await queryAsOwner("UPDATE member SET role = 'developer' WHERE user_id = $1", [userId]);
    yield file("developer");
  }
  const { outcomes } = await upload(files(), {}, admin);
  expect(outcomes.map(({ refusal }) => refusal?.code ?? null)).toEqual([null, "forbidden"]);
  expect(await isThere("developer")).toBe(false);
});

test("who may not upload is refused before the first file is asked for", async () => {
  let asked = false;
  async function* files() {
    asked = true;
    yield file("x");
  }
  await expect(upload(files(), {}, await tenant.contextOf("developer"))).rejects.toMatchObject({
    code: "forbidden",
  });
  const elsewhere = uploadFiles(tenant.owner, randomUUID(), {}, files());
  await expect(elsewhere).rejects.toMatchObject({ code: "not-found" });
  await expect(upload(files(), { prefix: "a\0" })).rejects.toMatchObject({ code: "invalid-input" });
  expect(asked).toBe(false);
});

test("while the engine is away, the rest is not asked for", async () => {
  await engine.store.kill();
  try {
    const { outcomes, isComplete } = await upload(from(file("away"), file("never")));
    expect(outcomes.map(({ refusal }) => refusal?.code)).toEqual(["engine-uncertain"]);
    expect(isComplete).toBe(false);
  } finally {
    await engine.store.start();
  }
}, 120_000);
