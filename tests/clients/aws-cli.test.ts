import { afterAll, beforeAll, expect, test } from "vitest";
import { startIssuer } from "./issued-keys.ts";
import { oddNames, openWorkplace, type Workplace } from "./workplace.ts";

const MiB = 2 ** 20;
const issuer = await startIssuer();
let place: Workplace;
let bucket: string;

beforeAll(async () => {
  const customer = await issuer.makeCustomer();
  bucket = await customer.makeBucket();
  place = await openWorkplace(await customer.issueKey());
});
afterAll(async () => {
  await place?.close();
  await issuer.stop();
});

/** Debian's version is from before 2.13 and does not read endpoint_url from its settings. */
const aws = (...args: string[]) =>
  place.succeed(["aws", "--profile", "balde", "--endpoint-url", place.connection.endpoint, ...args]);

test("uploads and downloads, in one request and, beyond 8 MiB, in parts", async () => {
  for (const sizeBytes of [0, 300_000, 17 * MiB]) {
    const sent = await place.write("sent", sizeBytes);
    await aws("s3", "cp", "--no-progress", "sent", `s3://${bucket}/sizes/${sizeBytes}`);
    await aws("s3", "cp", "--no-progress", `s3://${bucket}/sizes/${sizeBytes}`, "received");
    expect(sent.equals(await place.read("received"))).toBe(true);
  }
  const head = await aws("s3api", "head-object", "--bucket", bucket, "--key", `sizes/${17 * MiB}`);
  expect(JSON.parse(head).ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
});

test("copies within the store, in parts too", async () => {
  await aws("s3", "cp", `s3://${bucket}/sizes/${17 * MiB}`, `s3://${bucket}/copied`);
  await aws("s3", "cp", "--no-progress", `s3://${bucket}/copied`, "copied");
  expect((await place.read("copied")).equals(await place.read("received"))).toBe(true);
});

test("syncs a tree with odd names up and down, and sends nothing a second time", async () => {
  for (const name of oddNames) await place.write(`tree/${name}`, name);
  await aws("s3", "sync", "--no-progress", "tree", `s3://${bucket}/tree`);
  expect(await aws("s3", "sync", "--no-progress", "tree", `s3://${bucket}/tree`)).toBe("");
  await aws("s3", "sync", "--no-progress", `s3://${bucket}/tree`, "tree-back");
  expect(await place.list("tree-back")).toEqual([...oddNames].sort());
  for (const name of oddNames) expect((await place.read(`tree-back/${name}`)).toString()).toBe(name);
});

test("lists, and deletes recursively", async () => {
  expect(await aws("s3", "ls")).toContain(bucket);
  const listed = await aws("s3", "ls", "--recursive", `s3://${bucket}/tree/`);
  expect(listed.trim().split("\n")).toHaveLength(oddNames.length);
  await aws("s3", "rm", "--recursive", "--only-show-errors", `s3://${bucket}/tree/`);
  expect((await place.run(listing("tree/"))).stdout).toBe("");
});

/** `aws s3 ls` of nothing ends with 1. */
const listing = (prefix: string) =>
  ["aws", "--profile", "balde", "--endpoint-url", place.connection.endpoint, "s3", "ls"].concat(
    `s3://${bucket}/${prefix}`,
  );

test("keeps headers and metadata", async () => {
  await aws(
    ...["s3", "cp", "--no-progress", "sent", `s3://${bucket}/meta`, "--metadata", "cor=azul,tom=claro"],
    ...["--content-type", "text/x-lista; charset=utf-8", "--cache-control", "max-age=60"],
  );
  expect(JSON.parse(await aws("s3api", "head-object", "--bucket", bucket, "--key", "meta"))).toMatchObject({
    Metadata: { cor: "azul", tom: "claro" },
    ContentType: "text/x-lista; charset=utf-8",
    CacheControl: "max-age=60",
  });
});

test("presigns a download that anyone can follow", async () => {
  const content = await place.write("shared", 1000);
  await aws("s3", "cp", "--no-progress", "shared", `s3://${bucket}/pão + mel.bin`);
  const url = (await aws("s3", "presign", `s3://${bucket}/pão + mel.bin`)).trim();
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(content)).toBe(true);
  expect((await fetch(url.replace("mel", "sal"))).status).toBe(403);
});
