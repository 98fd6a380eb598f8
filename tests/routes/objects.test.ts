// Objects in a bucket, as people look through it: every name that an object can have, who may do what, and what happens
// to those who change an address by hand. On the embedded store, over HTTP.
import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemberRole } from "#app/generated/prisma/enums.ts";
import type { Answer, Visitor } from "#tests/support/app.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { startStorage } from "#tests/support/storage.ts";
import { htmlProblems } from "#tests/support/valid-html.ts";

const engine = await startStorage();
const { signedInMember, signedInStaff } = await import("#tests/support/cast.ts");
const { encodeObject } = await import("#app/ui/objects/object-field.ts");
const { displayKey } = await import("#app/ui/objects/object-address.ts");

const english = { "Accept-Language": "en" };

type Tenant = Awaited<ReturnType<typeof engine.makeTenant>>;
interface TestBucket {
  id: string;
  name: string;
  /** Its address in the console. */
  path: string;
}

let tenant: Tenant;
let s3: S3Client;
let owner: Visitor;

beforeAll(async () => {
  tenant = await engine.makeTenant();
  owner = await signedInMember(tenant.account, "owner");
  s3 = new S3Client({
    endpoint: engine.store.endpoint,
    region: engine.store.region,
    credentials: tenant.managementKey,
    forcePathStyle: true,
    maxAttempts: 1,
  });
});
afterAll(() => engine.stop());

async function makeBucket(versioning?: "enabled" | "suspended", of = tenant): Promise<TestBucket> {
  const { id, name } = await of.makeBucket();
  const { managementKey } = of;
  if (versioning) await engine.storage.setVersioning({ managementKey, bucket: name, versioning });
  return { id, name, path: `/accounts/${of.account.slug}/buckets/${id}` };
}

async function put(
  bucket: TestBucket,
  key: string,
  body = "olá",
  more: Partial<PutObjectCommand["input"]> = {},
) {
  const command = new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: body, ...more });
  return (await s3.send(command)).VersionId;
}

async function isThere(bucket: TestBucket, key: string): Promise<boolean> {
  return s3.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key })).then(
    () => true,
    () => false,
  );
}

const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`;

async function expectPage(answer: Answer, status = 200): Promise<void> {
  expect(answer.status).toBe(status);
  expect(await htmlProblems(answer.text)).toEqual([]);
}

/** Text as it stands in a page. */
const inPage = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (character) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#x27" }[character]};`,
  );

/** The addresses that a page's links lead to. */
function linksOf({ text }: Answer): string[] {
  return [...text.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
}

const strangeKeys = [
  "/leading/slash",
  "a//b",
  "../../etc/passwd",
  "./here",
  "..",
  "line\nbreak\r\nand\ttab",
  "100% & a+b ?x=1#y;z",
  "ação/日本語/🗂️.txt",
  "\u0001\u001f\u007f",
  "replacement \ufffd",
  "invoice\u202Egpj.exe",
  "<script>alert(1)</script>.html",
  `quotes "'\`\\`,
  " spaces ",
  "folder/",
  "x".repeat(1024),
  "é".repeat(512),
  "data.data",
  "__proto__",
];

describe("every name that an object can have", () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await makeBucket();
    for (const key of strangeKeys) await put(bucket, key, `content of ${key}`, { ContentType: "text/html" });
  });

  test("is found by following links from the list, shown as text, and downloads as a file", async () => {
    const objects = await crawl(`${bucket.path}/objects`);
    expect([...objects.keys()].sort()).toEqual([...strangeKeys].sort());
    for (const [key, address] of objects) {
      const page = await owner.get(address, english);
      await expectPage(page);
      expect(page.text).toContain(inPage(displayKey(key)));
      expect(page.text).not.toContain("<script>alert");
      const download = linksOf(page).find((link) => link.includes("/object/download?")) ?? "";
      const file = await owner.get(download);
      expect([key, file.status, file.text]).toEqual([key, 200, `content of ${key}`]);
      expect(file.headers.get("Content-Type")).toBe("application/octet-stream");
      expect(file.headers.get("Content-Disposition")).toMatch(
        /^attachment; filename="[^"/\\]+"; filename\*=UTF-8''[\w%.!~-]+$/,
      );
      expect(file.headers.get("Content-Security-Policy")).toBe("default-src 'none'; sandbox");
    }
  });

  /** Follows the folders; objects by key with the address of their page. */
  async function crawl(path: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    const seen = new Set<string>();
    const visit = async (address: string): Promise<void> => {
      if (seen.has(address)) return;
      seen.add(address);
      const page = await owner.get(address, english);
      await expectPage(page);
      for (const link of linksOf(page)) {
        const url = new URL(link, "http://own.invalid");
        const key = url.searchParams.get("key");
        if (url.pathname === `${bucket.path}/object` && key) found.set(key, link);
        if (url.pathname === path && !url.searchParams.has("view")) await visit(link);
      }
    };
    await visit(path);
    return found;
  }

  test.each(strangeKeys.map((key) => [key.slice(0, 40), key] as const))(
    "is shared, deleted alone, and deleted among many: %j",
    async (_, key) => {
      const other = await makeBucket();
      await put(other, key);
      const shared = await owner.post(`${other.path}/object/sharing${query({ key })}`, { hours: "1" });
      expect(shared.status).toBe(201);
      expect(await (await fetch(linkOf(shared))).text()).toBe("olá");
      const deleted = await owner.post(`${other.path}/object/deletion${query({ key })}`);
      expect(deleted.status).toBe(302);
      expect(await isThere(other, key)).toBe(false);
      await put(other, key);
      const many = { objects: encodeObject({ key }), confirmed: "on" };
      expect((await owner.post(`${other.path}/objects/deletion`, many)).status).toBe(302);
      expect(await isThere(other, key)).toBe(false);
    },
  );
});

function linkOf(answer: Answer): string {
  return (/<code[^>]*select-all[^>]*>([^<]+)</.exec(answer.text)?.[1] ?? "").replaceAll("&amp;", "&");
}

describe("a list", () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await makeBucket("enabled");
    await Promise.all(
      Array.from({ length: 230 }, (_, n) => put(bucket, `many/${String(n).padStart(3, "0")}`)),
    );
    await put(bucket, "gone");
    await engine.client(tenant.managementKey).remove(bucket.name, "gone");
  });

  test("goes through pages of a hundred by the engine's own token, to its end and back to the first", async () => {
    const path = `${bucket.path}/objects${query({ prefix: "many/" })}`;
    const found = new Set<string>();
    let next: string | undefined = path;
    let pages = 0;
    while (next) {
      const page = await owner.get(next, english);
      await expectPage(page);
      const keys = linksOf(page).flatMap(
        (link) => new URL(link, "http://own.invalid").searchParams.get("key") ?? [],
      );
      expect(keys.length).toBeLessThanOrEqual(100);
      for (const key of keys) found.add(key);
      expect(page.text.includes("First page")).toBe(pages > 0);
      next = linksOf(page).find((link) => link.includes("after="));
      pages += 1;
    }
    expect([pages, found.size]).toEqual([3, 230]);
  });

  test("of all versions shows delete markers, and goes through pages as well", async () => {
    const first = await owner.get(`${bucket.path}/objects${query({ view: "versions" })}`, english);
    await expectPage(first);
    expect(first.text).toContain("Delete marker");
    expect((await owner.get(`${bucket.path}/objects`, english)).text).not.toContain(">gone<");
    let next: string | undefined = `${bucket.path}/objects${query({ view: "versions", prefix: "many/" })}`;
    const found = new Set<string>();
    while (next) {
      const page: Answer = await owner.get(next, english);
      expect(page.status).toBe(200);
      for (const link of linksOf(page))
        found.add(new URL(link, "http://own.invalid").searchParams.get("key") ?? "");
      next = linksOf(page).find((link) => link.includes("after="));
    }
    found.delete("");
    expect(found.size).toBe(230);
  });

  test("goes to a prefix that ends within a name, and says so where nothing begins like that", async () => {
    const page = await owner.get(`${bucket.path}/objects${query({ prefix: "many/02" })}`, english);
    expect(linksOf(page).filter((link) => link.includes("/object?key=")).length).toBe(10);
    const nothing = await owner.get(`${bucket.path}/objects${query({ prefix: "Many/" })}`, english);
    await expectPage(nothing);
    expect(nothing.text).toContain("Nothing here begins with this");
    const tooLong = await owner.get(`${bucket.path}/objects${query({ prefix: "é".repeat(600) })}`, english);
    expect([tooLong.status, tooLong.text.includes("Nothing here begins with this")]).toEqual([200, true]);
    // As deep as a name can be, and deeper: each step's link holds the steps before it.
    for (const deep of ["/".repeat(1024), "/".repeat(4_000)]) {
      const { status, text } = await owner.get(`${bucket.path}/objects${query({ prefix: deep })}`);
      expect([status, text.length]).toEqual([200, expect.toSatisfy((length) => length < 1_000_000)]);
    }
    const empty = await owner.get(`${(await makeBucket()).path}/objects`, english);
    await expectPage(empty);
    expect(empty.text).toContain("No objects in this bucket");
    expect(empty.text).toContain("/upload");
  });

  test.each(
    ["garbage", "%", "%25", "AAAA", "\u202e", "x".repeat(5_000), "é", "L2E", "-"].map(
      (text) => [text.slice(0, 20), text] as const,
    ),
  )("a token that somebody made up is refused or shows a page, and is no failure: %s", async (_, after) => {
    for (const view of ["current", "versions"]) {
      const answer = await owner.get(`${bucket.path}/objects${query({ view, after })}`);
      expect([view, answer.status]).toEqual([view, expect.toBeOneOf([200, 400, 404])]);
    }
    const [address] = linksOf(await owner.get(`${bucket.path}/objects${query({ prefix: "many/" })}`)).filter(
      (link) => link.includes("/object?"),
    );
    const answer = await owner.get(`${address}&${new URLSearchParams({ after })}`);
    expect(answer.status).toBeOneOf([200, 400, 404]);
  });

  test("one call to the engine about the bucket makes the page", async () => {
    const other = await makeBucket();
    const ofBucket = (text: string) =>
      text.includes(`"bucket":"${other.name}"`) && text.includes('"method":"GET"');
    const calls = () => engine.store.output().split("\n").filter(ofBucket).length;
    expect(calls()).toBe(0);
    await owner.get(`${other.path}/objects`);
    await expect.poll(calls).toBeGreaterThan(0);
    expect(calls()).toBe(1);
  });
});

describe("an address without the name of an object, or with none that could be", () => {
  const pages = ["object", "object/download", "object/sharing", "object/deletion", "object/restoration"];
  const queries = [
    "",
    "?key=",
    `?key=${"x".repeat(1025)}`,
    `?key=${"%C3%A9".repeat(513)}`,
    "?key=%ff",
    "?key=a%00b",
    "?key=nothing",
  ];
  test.each(pages)("%s", async (page) => {
    const bucket = await makeBucket();
    for (const text of queries) {
      const { status } = await owner.get(`${bucket.path}/${page}${text}`);
      const isNone = page === "object/deletion" && text === "?key=nothing";
      expect([text, status]).toEqual([text, isNone ? 200 : 404]);
    }
    for (const text of queries.slice(0, -1)) {
      const answer = await owner.post(`${bucket.path}/${page}${text}`, { hours: "1" });
      expect([text, answer.status]).toEqual([text, expect.toBeOneOf([404, 405])]);
    }
  });
});

describe("a download", () => {
  let bucket: TestBucket;
  let path: string;
  const content = "0123456789".repeat(10);
  beforeAll(async () => {
    bucket = await makeBucket();
    await put(bucket, "figures.csv", content);
    path = `${bucket.path}/object/download${query({ key: "figures.csv" })}`;
  });

  test("is whole, or a range of it", async () => {
    const whole = await owner.get(path);
    expect([whole.status, whole.text]).toEqual([200, content]);
    expect(whole.headers.get("Content-Length")).toBe("100");
    expect(whole.headers.get("Accept-Ranges")).toBe("bytes");
    expect(whole.headers.get("Cache-Control")).toBe("no-store");
    for (const [range, text, contentRange] of [
      ["bytes=0-3", "0123", "bytes 0-3/100"],
      ["bytes=95-", "56789", "bytes 95-99/100"],
      ["bytes=-5", "56789", "bytes 95-99/100"],
      ["bytes=90-1000", "0123456789", "bytes 90-99/100"],
    ]) {
      const part = await owner.get(path, { Range: range ?? "" });
      expect([range, part.status, part.text]).toEqual([range, 206, text]);
      expect(part.headers.get("Content-Range")).toBe(contentRange);
      expect(part.headers.get("Content-Length")).toBe(String(text?.length));
    }
    for (const range of ["bytes=100-", "bytes=1000-2000"]) {
      const none = await owner.get(path, { Range: range });
      expect([none.status, none.headers.get("Content-Range"), none.text]).toEqual([416, "bytes */100", ""]);
    }
    // What is no range, or several, asks for the whole.
    for (const range of ["bytes=5-1", "bytes=0-1,4-5", "lines=1-2", "bytes="]) {
      const answer = await owner.get(path, { Range: range });
      expect([range, answer.status]).toEqual([range, expect.toBeOneOf([200, 416])]);
    }
  });

  test("goes on only with the content that it began with", async () => {
    const etag = (await owner.get(path)).headers.get("ETag") ?? "";
    expect((await owner.get(path, { Range: "bytes=0-3", "If-Range": etag })).status).toBe(206);
    for (const other of ['"another"', `W/${etag}`, "Sun, 22 Nov 2026 10:00:00 GMT"]) {
      const answer = await owner.get(path, { Range: "bytes=0-3", "If-Range": other });
      expect([other, answer.status, answer.text]).toEqual([other, 200, content]);
    }
  });

  test("answers HEAD without asking for the content", async () => {
    const head = await owner.send(path, { method: "HEAD" });
    expect([head.status, head.headers.get("Content-Length"), head.text]).toEqual([200, "100", ""]);
    expect(head.headers.get("Content-Disposition")).toContain("figures.csv");
  });

  test("is not to be had as a page's data", async () => {
    const address = path.replace("/download?", "/download.data?");
    const answer = await owner.get(address);
    expect(answer.headers.get("Content-Type")).not.toContain("html");
  });
});

describe("in a bucket with versions", () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await makeBucket("enabled");
  });
  const at = (page: string, fields: Record<string, string>) => `${bucket.path}/${page}${query(fields)}`;

  test("a deleted object shows that it is, and is brought back", async () => {
    const key = "carta.txt";
    await put(bucket, key, "first");
    const form = await owner.get(at("object/deletion", { key }), english);
    await expectPage(form);
    expect(form.text).toContain("a delete marker takes the object’s place");
    expect((await owner.post(at("object/deletion", { key }))).location).toBe(`${bucket.path}/objects`);
    const page = await owner.get(at("object", { key }), english);
    await expectPage(page);
    expect(page.text).toContain("This object is deleted");
    expect(linksOf(page).some((link) => link.includes("/object/sharing"))).toBe(false);
    expect((await owner.get(at("object/download", { key }))).status).toBe(404);
    expect((await owner.get(at("object/sharing", { key }))).status).toBe(404);

    const undelete = linksOf(page).find((link) => link.includes("/object/restoration")) ?? "";
    const restoration = await owner.get(undelete, english);
    await expectPage(restoration);
    expect(restoration.text).toContain("The delete marker is removed");
    expect((await owner.post(undelete)).location).toBe(at("object", { key }));
    expect((await owner.get(at("object/download", { key }))).text).toBe("first");
    // Again: the marker is no longer there.
    expect((await owner.post(undelete)).status).toBe(404);
  });

  test("an old version is shown, downloaded, shared, restored, and deleted for good", async () => {
    const key = "versões/carta.txt";
    const old = (await put(bucket, key, "old")) ?? "";
    await put(bucket, key, "new");
    const page = await owner.get(at("object", { key, versionId: old }), english);
    await expectPage(page);
    expect(page.text).toContain("This is not the current version");
    expect((await owner.get(at("object/download", { key, versionId: old }))).text).toBe("old");
    const shared = await owner.post(at("object/sharing", { key, versionId: old }), { hours: "24" });
    expect(await (await fetch(linkOf(shared))).text()).toBe("old");

    const restored = await owner.post(at("object/restoration", { key, versionId: old }));
    expect(restored.location).toBe(at("object", { key }));
    expect((await owner.get(at("object/download", { key }))).text).toBe("old");
    const form = await owner.get(at("object/deletion", { key, versionId: old }), english);
    expect(form.text).toContain("This version is gone for good");
    expect((await owner.post(at("object/deletion", { key, versionId: old }))).location).toBe(
      at("object", { key }),
    );
    expect((await owner.get(at("object", { key, versionId: old }))).status).toBe(404);
    expect((await owner.get(at("object/download", { key }))).text).toBe("old");
  });

  test("more versions than a page has are on further ones", async () => {
    const key = "often";
    for (let n = 0; n < 105; n++) await put(bucket, key, String(n));
    await put(bucket, "often and more");
    const first = await owner.get(at("object", { key }), english);
    const ids = (page: Answer) =>
      linksOf(page).flatMap((link) =>
        link.includes("/object?") && !link.includes("after=") && link.includes("versionId=") ? link : [],
      );
    const second = await owner.get(linksOf(first).find((link) => link.includes("after=")) ?? "", english);
    await expectPage(second);
    expect([ids(first).length, ids(second).length]).toEqual([100, 5]);
    expect(second.text).not.toContain("often and more");
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(105);
  });
});

test("while versioning is suspended, and where there never was any, the form says what deleting means", async () => {
  for (const [bucket, words] of [
    [await makeBucket("suspended"), "Versioning is suspended in this bucket"],
    [await makeBucket(), "the object is gone for good"],
  ] as const) {
    await put(bucket, "a");
    const form = await owner.get(`${bucket.path}/object/deletion${query({ key: "a" })}`, english);
    expect(form.text).toContain(words);
  }
});

describe("deleting many", () => {
  test("names them first and deletes nothing, then deletes those and no others", async () => {
    const bucket = await makeBucket();
    for (const key of ["a\r\nb", "c", "d", "keep"]) await put(bucket, key);
    const list = await owner.get(`${bucket.path}/objects`, english);
    expect(list.text.match(/name="objects"/g)?.length).toBe(4);
    const fields: [string, string][] = ["a\r\nb", "c", "d"].map((key) => ["objects", encodeObject({ key })]);
    const address = `${bucket.path}/objects/deletion`;
    const asked = await owner.post(address, fields, english);
    await expectPage(asked);
    expect(asked.text).toContain("Delete 3 objects");
    expect(asked.text).toContain("a[U+000D][U+000A]b");
    expect(await isThere(bucket, "c")).toBe(true);
    expect([...asked.text.matchAll(/name="objects" value="([^"]+)"/g)].map(([, value]) => value)).toEqual(
      fields.map(([, value]) => value),
    );
    const done = await owner.post(address, [...fields, ["confirmed", "on"]]);
    expect(done.location).toBe(`${bucket.path}/objects`);
    for (const key of ["a\r\nb", "c", "d"]) expect([key, await isThere(bucket, key)]).toEqual([key, false]);
    expect(await isThere(bucket, "keep")).toBe(true);
    const [event] = await queryAsOwner<{ details: unknown }>(
      "SELECT details FROM audit_event WHERE action = 'objects:delete' AND resource_id = $1",
      [bucket.id],
    );
    expect(event?.details).toEqual({
      name: bucket.name,
      objects: [{ key: "a\r\nb" }, { key: "c" }, { key: "d" }],
    });
  });

  test("a hundred names of the longest kind fit into the form", async () => {
    const bucket = await makeBucket();
    const keys = Array.from({ length: 100 }, (_, n) => `${"語".repeat(340)}${String(n).padStart(4, "0")}`);
    await Promise.all(keys.map((key) => put(bucket, key)));
    const fields: [string, string][] = keys.map((key) => ["objects", encodeObject({ key })]);
    expect((await owner.post(`${bucket.path}/objects/deletion`, fields)).status).toBe(200);
    const done = await owner.post(`${bucket.path}/objects/deletion`, [...fields, ["confirmed", "on"]]);
    expect(done.status).toBe(302);
    expect(await isThere(bucket, keys[99] ?? "")).toBe(false);
  });

  test("of versions, by their ids, in the list of all versions", async () => {
    const bucket = await makeBucket("enabled");
    const versionId = (await put(bucket, "a", "old")) ?? "";
    await put(bucket, "a", "new");
    const address = `${bucket.path}/objects/deletion${query({ view: "versions" })}`;
    const fields = { objects: encodeObject({ key: "a", versionId }) };
    const asked = await owner.post(address, fields, english);
    expect(asked.text).toContain("Delete 1 version for good");
    const done = await owner.post(address, { ...fields, confirmed: "on" });
    expect(done.location).toBe(`${bucket.path}/objects?view=versions`);
    expect((await owner.get(`${bucket.path}/object${query({ key: "a", versionId })}`)).status).toBe(404);
  });

  test("without any, with too many, and with what is none", async () => {
    const bucket = await makeBucket();
    const address = `${bucket.path}/objects/deletion`;
    for (const answer of [await owner.get(address, english), await owner.post(address, {}, english)]) {
      await expectPage(answer);
      expect(answer.text).toContain("Nothing is selected");
    }
    expect((await owner.post(address, { confirmed: "on" })).status).toBe(400);
    const many: [string, string][] = Array.from({ length: 101 }, (_, n) => ["objects", `k${n}`]);
    expect((await owner.post(address, [...many, ["confirmed", "on"]])).status).toBe(400);
    for (const objects of ["%", "a/b/c", "%ff", "a/%", "x".repeat(1025), "%00"])
      expect((await owner.post(address, { objects, confirmed: "on" })).status).toBe(400);
  });
});

describe("a shared link", () => {
  test("is in one answer that no cache keeps, works from elsewhere, and ends with all others at once", async () => {
    const other = await engine.makeTenant();
    const member = await signedInMember(other.account, "admin");
    const bucket = await makeBucket(undefined, other);
    await engine.client(other.managementKey).put(bucket.name, "carta.html", "<p>olá</p>");
    const address = `${bucket.path}/object/sharing${query({ key: "carta.html" })}`;
    await expectPage(await member.get(address, english));
    expect((await member.post(address, { hours: "5" })).status).toBe(400);
    const shared = await member.post(address, { hours: "168" }, english);
    await expectPage(shared, 201);
    expect(shared.headers.get("Cache-Control")).toBe("no-store");
    const link = linkOf(shared);
    expect(new URL(link).searchParams.get("X-Amz-Expires")).toBe("604800");
    const file = await fetch(link);
    expect([file.status, await file.text()]).toEqual([200, "<p>olá</p>"]);
    expect(file.headers.get("Content-Disposition")).toMatch(/^attachment;/);
    expect(file.headers.get("Content-Type")).toBe("application/octet-stream");
    expect((await member.get(address)).text).not.toContain("X-Amz-Signature");

    const log = await queryAsOwner<{ text: string }>(
      "SELECT details::text AS text FROM audit_event WHERE action = 'objects:share' AND resource_id = $1",
      [bucket.id],
    );
    expect(log.map(({ text }) => JSON.parse(text))).toEqual([
      { name: bucket.name, key: "carta.html", validHours: 168 },
    ]);

    const end = `/accounts/${other.account.slug}/settings/shared-links`;
    await expectPage(await member.get(end, english));
    expect((await member.post(end)).location).toBe(end);
    expect((await fetch(link)).status).toBe(403);
    // The console goes on with the new key, and new links work.
    expect((await member.get(`${bucket.path}/object/download${query({ key: "carta.html" })}`)).status).toBe(
      200,
    );
    expect((await fetch(linkOf(await member.post(address, { hours: "1" })))).status).toBe(200);
  });

  test("to nothing is not made, and ending links where there never was one does nothing", async () => {
    const other = await engine.makeTenant();
    const member = await signedInMember(other.account, "owner");
    expect((await member.post(`/accounts/${other.account.slug}/settings/shared-links`)).status).toBe(302);
    const bucket = await makeBucket(undefined, other);
    const address = `${bucket.path}/object/sharing${query({ key: "nothing" })}`;
    expect((await member.post(address, { hours: "1" })).status).toBe(404);
  });
});

describe("who may what", () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await makeBucket("enabled");
    await put(bucket, "a");
  });
  const reading = ["objects", "object?key=a", "object/download?key=a"];
  const changing = [
    "object/sharing?key=a",
    "object/deletion?key=a",
    "object/restoration?key=a&versionId=v",
    "objects/deletion",
  ];

  test.each<[MemberRole, reads: boolean, changes: boolean]>([
    ["owner", true, true],
    ["admin", true, true],
    ["developer", true, false],
    ["billing", false, false],
    ["auditor", false, false],
  ])("%s", async (role, reads, changes) => {
    const member = await signedInMember(tenant.account, role);
    for (const page of reading)
      expect([page, (await member.get(`${bucket.path}/${page}`)).status]).toEqual([page, reads ? 200 : 403]);
    for (const page of changing) {
      const path = `${bucket.path}/${page}`;
      const { status } = await member.get(path);
      if (changes) expect([page, status]).toEqual([page, expect.toBeOneOf([200, 404])]);
      else expect([page, status, (await member.post(path, { hours: "1" })).status]).toEqual([page, 403, 403]);
    }
    const ending = `/accounts/${tenant.account.slug}/settings/shared-links`;
    expect((await member.get(ending)).status).toBe(changes ? 200 : 403);
    if (!reads || changes) return;
    const page = await member.get(`${bucket.path}/object?key=a`, english);
    expect(linksOf(page).filter((link) => /sharing|deletion|restoration/.test(link))).toEqual([]);
    expect((await member.get(`${bucket.path}/objects`)).text).not.toContain('type="checkbox"');
  });

  test("another tenant's bucket is not there, and neither is the account for the provider's staff", async () => {
    const other = await engine.makeTenant();
    const stranger = await signedInMember(other.account, "owner");
    const operator = await signedInStaff("operator");
    const foreign = bucket.path.replace(tenant.account.slug, other.account.slug);
    for (const page of [...reading, ...changing]) {
      for (const path of [`${foreign}/${page}`, `${bucket.path}/${page}`]) {
        expect([path, (await stranger.get(path)).status]).toEqual([path, 404]);
        expect((await stranger.post(path, { hours: "1", objects: "a", confirmed: "on" })).status).toBeOneOf([
          404, 405,
        ]);
      }
      expect((await operator.get(`${bucket.path}/${page}`)).status).toBe(404);
    }
    expect(await isThere(bucket, "a")).toBe(true);
  });

  test("in a suspended account objects are listed, and neither opened nor changed", async () => {
    const other = await engine.makeTenant();
    const member = await signedInMember(other.account, "owner");
    const its = await makeBucket(undefined, other);
    await engine.client(other.managementKey).put(its.name, "a");
    const shared = linkOf(await member.post(`${its.path}/object/sharing?key=a`, { hours: "1" }));
    await queryAsOwner("UPDATE account SET state = 'suspended' WHERE id = $1", [other.account.id]);
    await engine.storage.suspendTenant(other.tenant);
    const list = await member.get(`${its.path}/objects`, english);
    await expectPage(list);
    expect(list.text).toContain("/object?key=a");
    expect(list.text).not.toContain('type="checkbox"');
    const page = await member.get(`${its.path}/object?key=a`, english);
    await expectPage(page);
    expect(page.text).toContain("While the account is not active");
    const file = await member.get(`${its.path}/object/download?key=a`, english);
    await expectPage(file, 422);
    expect(file.text).toContain("The account’s current state does not allow this.");
    for (const path of [
      "object/sharing?key=a",
      "object/deletion?key=a",
      "object/restoration?key=a&versionId=null",
    ])
      expect([path, (await member.post(`${its.path}/${path}`, { hours: "1" })).status]).toEqual([path, 422]);
    expect((await fetch(shared)).status).toBe(403);
    // Ending links is possible at any time, and wakes nothing.
    expect((await member.post(`/accounts/${other.account.slug}/settings/shared-links`)).status).toBe(302);
    expect((await member.get(`${its.path}/object/download?key=a`)).status).toBe(422);
  });
});

describe("while the engine hangs", () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await makeBucket();
    await put(bucket, "a");
    // The object key is there by then.
    await owner.get(`${bucket.path}/object/download?key=a`);
    process.kill(engine.store.pid(), "SIGSTOP");
  });
  afterAll(() => {
    process.kill(engine.store.pid(), "SIGCONT");
  });

  test("every page comes in time and says so; a change is not claimed to be done", async () => {
    const pages: [page: string, status: number, words: string][] = [
      ["objects", 200, "The storage did not answer"],
      ["objects?view=versions", 200, "The storage did not answer"],
      ["object?key=a", 200, "The storage did not answer"],
      ["object/download?key=a", 503, ""],
      ["object/deletion?key=a", 200, "did not say whether this bucket keeps versions"],
      ["objects/deletion", 200, ""],
      ["object/sharing?key=a", 200, ""],
      ["object/restoration?key=a&versionId=null", 200, ""],
    ];
    for (const [page, status, words] of pages) {
      const startedAt = performance.now();
      const answer = await owner.get(`${bucket.path}/${page}`, english);
      expect(performance.now() - startedAt).toBeLessThan(3_500);
      await expectPage(answer, status);
      expect(answer.text).toContain(words);
    }
    const refused = await owner.post(`${bucket.path}/object/deletion?key=a`, {}, english);
    await expectPage(refused, 503);
    expect(refused.text).toContain("may have been made all the same");
  });
});
