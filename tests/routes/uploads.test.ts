// Files through the form and straight to the engine, over real HTTP: what is stored, what is refused and when, and what
// the web process holds of it.
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { displayKey } from "#app/ui/objects/object-address.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import {
  fileHead,
  formAnswer,
  formEnd,
  formField,
  formFile,
  openForm,
  peakMemoryBytes,
  sendAll,
} from "#tests/support/upload-form.ts";
import { startWebServer, type WebServer } from "#tests/support/web-server.ts";

const MiB = 1024 * 1024;

const engine = await startStorage();
const { makeMember, signIn } = await import("#tests/support/scenario.ts");

let tenant: Awaited<ReturnType<typeof engine.makeTenant>>;
let web: WebServer;
let bucket: { id: string; name: string };
let cookie: string;

beforeAll(async () => {
  tenant = await engine.makeTenant();
  bucket = await newBucket();
  cookie = await cookieOf("owner");
  web = await startWebServer();
});
afterAll(async () => {
  await web?.stop();
  await engine.stop();
});

async function newBucket() {
  return tenant.makeBucket();
}

async function cookieOf(role: "owner" | "developer"): Promise<string> {
  const [pair = ""] = (await signIn(await makeMember(tenant.account, role))).split(";");
  return pair;
}

const form = (prefix = "") =>
  `/accounts/${tenant.account.slug}/buckets/${bucket.id}/upload${prefix && `?prefix=${encodeURIComponent(prefix)}`}`;

async function post(
  parts: string[],
  { path = form(), headers = {} }: { path?: string; headers?: Record<string, string> } = {},
) {
  const request = openForm(web, path, cookie, headers);
  const answer = formAnswer(request);
  request.end([...parts, formEnd].join(""));
  return answer;
}

const objects = async () => {
  const { objects: listed } = await engine.storage.listObjects({
    key: tenant.managementKey,
    bucket: bucket.name,
    limit: 1000,
  });
  return listed.map(({ object }) => object);
};
const openUploads = async () =>
  (await engine.storage.listUploads({ key: tenant.managementKey, bucket: bucket.name, limit: 1000 })).uploads;
const contentOf = async (object: string) => {
  const place = { key: tenant.managementKey, bucket: bucket.name, object };
  const { body, contentType } = await engine.storage.getObject(place);
  return { text: (await body.toArray()).join(""), contentType };
};

test("a file that is larger than memory may be goes through in little of it", async () => {
  await web.ask(form(), { headers: { Cookie: cookie } });
  const before = await peakMemoryBytes(web.pid);
  const request = openForm(web, form(), cookie);
  const answer = formAnswer(request);
  const block = randomBytes(MiB);
  await sendAll(
    request,
    (function* () {
      yield fileHead("large", "application/octet-stream");
      for (let i = 0; i < 192; i++) yield block;
      yield `\r\n${formEnd}`;
    })(),
  );
  expect((await answer).status).toBe(302);
  const place = { key: tenant.managementKey, bucket: bucket.name, object: "large" };
  expect((await engine.storage.headObject(place)).sizeBytes).toBe(BigInt(192 * MiB));
  // Three parts of 8 MiB, what lies in pipes, and what the collector has not come to yet.
  expect((await peakMemoryBytes(web.pid)) - before).toBeLessThan(96 * MiB);
  const { key } = place;
  await engine.storage.deleteObjects({ key, bucket: bucket.name, objects: [place] });
}, 60_000);

test("files are stored below the prefix, with their names and types as they are", async () => {
  const page = await web.ask(form("férias/"), { headers: { Cookie: cookie } });
  expect(page.status).toBe(200);
  expect(page.body.toString()).toContain('value="férias/"');

  const answer = await post([
    formField("prefix", "férias/"),
    formFile("praia ☀️ %22.txt", "mar", "text/html"),
    formFile("vazio", ""),
  ]);
  expect(answer.status).toBe(302);
  expect(answer.headers.location).toBe(
    `/accounts/${tenant.account.slug}/buckets/${bucket.id}/objects?prefix=f%C3%A9rias%2F`,
  );
  expect(await contentOf('férias/praia ☀️ ".txt')).toEqual({ text: "mar", contentType: "text/html" });
  expect((await contentOf("férias/vazio")).text).toBe("");
  const events = await queryAsOwner<{ details: object }>(
    "SELECT details FROM audit_event WHERE action = 'objects:upload' AND outcome = 'succeeded' AND details->>'key' <> 'large' ORDER BY occurred_at",
  );
  expect(events.map(({ details }) => details)).toEqual([
    { name: bucket.name, key: 'férias/praia ☀️ ".txt', contentType: "text/html" },
    { name: bucket.name, key: "férias/vazio", contentType: "text/plain" },
  ]);
});

test("a prefix that no line of text holds stays in the address", async () => {
  const path = form("a\nb/");
  const page = (await web.ask(path, { headers: { Cookie: cookie } })).body.toString();
  expect(page).not.toContain('name="prefix"');
  expect(page).toContain(displayKey("a\nb/"));
  expect((await post([formFile("c", "1")], { path })).status).toBe(302);
  expect(await objects()).toContain("a\nb/c");
});

test("without a file, the form says so", async () => {
  for (const parts of [[formField("prefix", "")], [formFile("", "")]]) {
    const { status, text } = await post(parts);
    expect(status).toBe(400);
    expect(text).toContain("Choose at least one file");
  }
  const { status, text } = await post([formField("prefix", "x".repeat(1025)), formFile("a", "1")]);
  expect(status).toBe(400);
  expect(text).toContain("1,024 bytes");
});

test("a file that is refused leaves the others alone, and the page says which and why", async () => {
  const long = `${"é".repeat(512)}.txt`;
  const { status, text } = await post([
    formField("prefix", "some/"),
    formFile("before", "1"),
    formFile(long, "2"),
    formFile("after", "3"),
  ]);
  expect(status).toBe(400);
  expect(text).toContain("1 file was not stored");
  expect(text).toContain("Names of objects have at most 1,024 bytes");
  expect(text).toContain("2 files were stored");
  expect(text).toContain('value="some/"');
  expect((await objects()).filter((name) => name.startsWith("some/"))).toEqual(["some/after", "some/before"]);
});

test("what is there is replaced, or kept where that is asked for", async () => {
  expect((await post([formFile("same", "1")])).status).toBe(302);
  expect((await post([formFile("same", "2")])).status).toBe(302);
  const kept = await post([formField("keepExisting", "on"), formFile("same", "3"), formFile("new", "4")]);
  expect(kept.status).toBe(409);
  expect(kept.text).toContain("There is already an object with this name");
  expect((await contentOf("same")).text).toBe("2");
  expect((await contentOf("new")).text).toBe("4");
});

test("over the quota nothing is stored, of a file in many parts neither", async () => {
  const full = { managementKey: tenant.managementKey, bucket: bucket.name, tenant: tenant.tenant };
  await engine.storage.setBucketQuota({
    ...full,
    quota: { maxSizeBytes: BigInt(12 * MiB), maxObjects: null },
  });
  try {
    const { status, text } = await post([formFile("big", "x".repeat(20 * MiB)), formFile("small", "1")]);
    expect(status).toBe(422);
    expect(text).toContain("The quota of the bucket or of the account is used up");
    expect(await objects()).not.toContain("big");
    expect(await objects()).toContain("small");
    expect(await openUploads()).toEqual([]);
  } finally {
    await engine.storage.setBucketQuota({ ...full, quota: { maxSizeBytes: null, maxObjects: null } });
  }
});

test("who may not is refused before anything is stored, and gets to see it", async () => {
  const before = await objects();
  const content = formFile("refused", "x".repeat(8 * MiB));
  const stranger = await post([content], { headers: { Cookie: "" } });
  expect([stranger.status, stranger.headers.location]).toEqual([
    302,
    expect.stringContaining("/login?returnTo="),
  ]);
  const developer = await post([content], { headers: { Cookie: await cookieOf("developer") } });
  expect(developer.status).toBe(403);
  const crossSite = await post([content], { headers: { Origin: "https://elsewhere.example" } });
  expect(crossSite.status).toBe(403);
  expect(await objects()).toEqual(before);
  const [refusals] = await queryAsOwner<{ count: string }>(
    "SELECT count(*) FROM audit_event WHERE action = 'objects:upload' AND outcome = 'refused' AND code = 'forbidden'",
  );
  expect(refusals?.count).toBe("1");
});

test("a text browser proves with the form's token that it has our page, before it sends files", async () => {
  const page = (await web.ask(form(), { headers: { Cookie: cookie } })).body.toString();
  const token = /name="formToken" value="([^"]+)"/.exec(page)?.[1] ?? "";
  expect(page.indexOf('name="formToken"')).toBeLessThan(page.indexOf('type="file"'));
  const send = async (parts: string[]) => {
    const request = openForm(web, form(), cookie, { Origin: "" });
    const answer = formAnswer(request);
    request.end([...parts, formEnd].join(""));
    return (await answer).status;
  };
  expect(await send([formField("formToken", token), formFile("by-lynx", "1")])).toBe(302);
  expect(await send([formFile("late-token", "1"), formField("formToken", token)])).toBe(403);
  expect(await objects()).toContain("by-lynx");
  expect(await objects()).not.toContain("late-token");
});

test("a refused upload is read on for a while only, and then the connection ends", async () => {
  const request = openForm(web, form(), cookie, { Origin: "https://elsewhere.example" });
  const answer = formAnswer(request);
  let sent = 0;
  request.write(fileHead("endless"));
  const sending = sendAll(
    request,
    (function* () {
      for (;;) {
        sent += MiB;
        yield Buffer.alloc(MiB);
      }
    })(),
  ).catch(() => {});
  expect((await answer).status).toBe(403);
  // It does not end by itself.
  await sending;
  expect(sent).toBeGreaterThan(64 * MiB);
});

test("a client that goes away leaves neither an object nor an open upload", async () => {
  const request = openForm(web, form(), cookie);
  request.on("error", () => {});
  request.write(formField("prefix", "gone/") + fileHead("half"));
  for (let i = 0; i < 20; i++) request.write(randomBytes(MiB));
  await until(async () => (await openUploads()).length === 1);
  request.destroy();
  await until(async () => (await openUploads()).length === 0);
  expect((await objects()).filter((name) => name.startsWith("gone/"))).toEqual([]);
  expect(web.logged().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});

test("one account's uploads leave room for others, and wait for one another", async () => {
  const hanging = Array.from({ length: 3 }, (_, i) => {
    const request = openForm(web, form(), cookie);
    request.on("error", () => {});
    // The parser holds back what could be the beginning of a boundary.
    request.write(fileHead(`hanging-${i}`) + "x".repeat(1000));
    return request;
  });
  await until(async () => (await auditedUploads("hanging-")) === 3);
  const waiting = post([formFile("waiting", "1")]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await auditedUploads("waiting")).toBe(0);
  hanging[0]?.end(`\r\n${formEnd}`);
  expect((await waiting).status).toBe(302);
  for (const request of hanging) request.destroy();
});

const api = (below = "") => `/api/accounts/${tenant.account.id}/buckets/${bucket.id}/uploads${below}`;

async function json(path: string, body: object, by = cookie) {
  const headers = { "Content-Type": "application/json", Cookie: by, Origin: `http://localhost:${web.port}` };
  const answer = await web.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: JSON.parse(answer.body.toString()) };
}

test("straight to the engine: begun, signed, sent, looked at and completed", async () => {
  const sizeBytes = 16 * MiB + 3;
  const content = randomBytes(sizeBytes);
  const key = "direct/../ação\n+%.bin";
  const begun = await json(api(), { key, sizeBytes: String(sizeBytes), contentType: "image/png" });
  expect(begun).toEqual({ status: 201, body: { uploadId: expect.any(String), partSizeBytes: 16 * MiB } });
  const { uploadId, partSizeBytes } = begun.body;

  const signed = await json(api("/parts"), { key, uploadId, partNumbers: [1, 2] });
  expect(signed.body.expiresInSeconds).toBe(3600);
  const [first, second] = signed.body.urls as { partNumber: number; url: string }[];
  await fetch(first?.url ?? "", { method: "PUT", body: content.subarray(0, partSizeBytes) });
  const parts = [{ partNumber: 1, sizeBytes: String(partSizeBytes) }];
  expect((await json(api("/status"), { key, uploadId })).body).toEqual({ parts });
  const tooEarly = await json(api("/completion"), { key, uploadId, sizeBytes });
  expect([tooEarly.status, tooEarly.body.code]).toEqual([409, "upload-incomplete"]);

  await fetch(second?.url ?? "", { method: "PUT", body: content.subarray(partSizeBytes) });
  const completed = await json(api("/completion"), { key, uploadId, sizeBytes });
  expect(completed).toEqual({ status: 200, body: { versionId: null } });
  // The answer to the first may be lost on the way.
  expect((await json(api("/completion"), { key, uploadId, sizeBytes })).status).toBe(200);
  const place = { key: tenant.managementKey, bucket: bucket.name, object: key };
  const { contentType, body } = await engine.storage.getObject(place);
  expect(contentType).toBe("image/png");
  expect(Buffer.concat(await body.toArray()).equals(content)).toBe(true);
  const steps = await queryAsOwner<{ step: string }>(
    `SELECT details->>'step' AS step FROM audit_event
     WHERE action = 'objects:upload' AND outcome = 'succeeded' AND details->>'key' = $1 ORDER BY occurred_at`,
    [key],
  );
  expect(steps.map(({ step }) => step)).toEqual(["begun", "completed", "completed", "completed"]);
  const refused = await json(api(), { key, sizeBytes: 1, contentType: "", keepExisting: true });
  expect([refused.status, refused.body.code]).toEqual([409, "object-exists"]);
});

test("one that was aborted is open no more, and aborting it again is fine", async () => {
  const key = "aborted";
  const { uploadId } = (await json(api(), { key, sizeBytes: 1, contentType: "x" })).body;
  expect((await openUploads()).map(({ object }) => object)).toEqual([key]);
  for (let i = 0; i < 2; i++) expect((await json(api("/abortion"), { key, uploadId })).status).toBe(200);
  expect(await openUploads()).toEqual([]);
  expect((await json(api("/status"), { key, uploadId })).status).toBe(404);
  expect((await json(api("/completion"), { key, uploadId, sizeBytes: 1 })).status).toBe(404);
});

test("JSON is for those who may upload, and is looked at closely", async () => {
  const developer = await cookieOf("developer");
  const upload = { key: "a", uploadId: "x", sizeBytes: 1, partNumbers: [1], contentType: "" };
  for (const below of ["", "/parts", "/status", "/completion", "/abortion"]) {
    expect([below, (await json(api(below), upload, developer)).status]).toEqual([below, 403]);
    expect([below, (await json(api(below), { ...upload, key: "é".repeat(513) })).status]).toEqual([
      below,
      400,
    ]);
    const elsewhere = api(below).replace(bucket.id, randomUUID());
    expect([below, (await json(elsewhere, upload)).status]).toEqual([below, 404]);
  }
  for (const partNumbers of [[], [0], [10_001], ["1"], Array.from({ length: 101 }, (_, i) => i + 1)])
    expect((await json(api("/parts"), { ...upload, partNumbers })).status).toBe(400);
  expect((await json(api(), { ...upload, sizeBytes: 6 * 2 ** 40 })).status).toBe(400);
});

test("browsers may send to the storage's public address, and nowhere else", async () => {
  const { headers } = await web.ask("/login");
  expect(headers["content-security-policy"]).toMatch(
    new RegExp(`connect-src 'self' ${engine.store.endpoint}(;|$)`),
  );
});

async function auditedUploads(keyStart: string): Promise<number> {
  const [row] = await queryAsOwner<{ count: string }>(
    "SELECT count(*) FROM audit_event WHERE action = 'objects:upload' AND starts_with(details->>'key', $1)",
    [keyStart],
  );
  return Number(row?.count);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
