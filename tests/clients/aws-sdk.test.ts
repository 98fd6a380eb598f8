import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startIssuer } from "./issued-keys.ts";
import { oddNames } from "./workplace.ts";

// At its default settings, but for the address and path style: checksums and trailers are on.
const MiB = 2 ** 20;
const issuer = await startIssuer();
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  const customer = await issuer.makeCustomer();
  Bucket = await customer.makeBucket();
  const { endpoint, region, ...credentials } = await customer.issueKey();
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
});
afterAll(() => issuer.stop());

async function content(Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

test.each([0, 300_000, 17 * MiB])(
  "lib-storage uploads %i bytes, from a buffer and a stream",
  async (size) => {
    const sent = randomBytes(size);
    const pieces = Array.from({ length: 20 }, (_, i) =>
      sent.subarray((i * size) / 20, ((i + 1) * size) / 20),
    );
    const bodies = { buffer: sent, stream: Readable.from(pieces, { objectMode: false }) };
    for (const [kind, Body] of Object.entries(bodies)) {
      const Key = `sizes/${size} from a ${kind}`;
      await new Upload({ client: s3, params: { Bucket, Key, Body } }).done();
      expect(sent.equals(await content(Key))).toBe(true);
      const { ETag } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
      expect(ETag).toMatch(size > 5 * MiB ? /^"[0-9a-f]{32}-4"$/ : /^"[0-9a-f]{32}"$/);
    }
  },
);

test("an upload that is stopped leaves nothing", async () => {
  const upload = new Upload({ client: s3, params: { Bucket, Key: "stopped", Body: randomBytes(17 * MiB) } });
  upload.on("httpUploadProgress", () => void upload.abort());
  await expect(upload.done()).rejects.toMatchObject({ name: "AbortError" });
  await expect(content("stopped")).rejects.toMatchObject({ name: "NoSuchKey" });
});

test("takes odd names, lists them in pages, copies them, and deletes them at once", async () => {
  const keys = [...oddNames, "tab\tand\nnewline", "/leading", "double//slash", "trailing/", "\u0001"];
  for (const key of keys) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `odd/${key}`, Body: key }));
    const CopySource = encodeURIComponent(`${Bucket}/odd/${key}`);
    await s3.send(new CopyObjectCommand({ Bucket, Key: `copied/${key}`, CopySource }));
    expect((await content(`copied/${key}`)).toString()).toBe(key);
  }
  const listed: string[] = [];
  const query = { Bucket, Prefix: "odd/", EncodingType: "url" } as const;
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 3 }, query)) {
    listed.push(...(page.Contents ?? []).map(({ Key }) => decodeURIComponent(`${Key}`).slice(4)));
  }
  expect(listed.toSorted()).toEqual(keys.toSorted());
  const Objects = keys.flatMap((key) => [{ Key: `odd/${key}` }, { Key: `copied/${key}` }]);
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toHaveLength(Objects.length);
});

test("keeps metadata in UTF-8, whatever Node made of it on the way", async () => {
  const Metadata = { cor: "azul", doce: "maçã" };
  for (const Body of ["text", Buffer.from("bytes")]) {
    await s3.send(new PutObjectCommand({ Bucket, Key: "meta", Body, Metadata }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "meta" }))).Metadata).toEqual(Metadata);
  }
});

test("presigns uploads and downloads", async () => {
  const where = { Bucket, Key: "açaí + guaraná.txt" };
  const put = await getSignedUrl(s3, new PutObjectCommand(where), { expiresIn: 60 });
  const get = await getSignedUrl(s3, new GetObjectCommand(where), { expiresIn: 60 });
  expect((await fetch(put, { method: "PUT", body: "com granola" })).status).toBe(200);
  expect(await (await fetch(get)).text()).toBe("com granola");
  expect((await fetch(get, { method: "DELETE" })).status).toBe(403);
});
