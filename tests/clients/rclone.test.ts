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

const rclone = (...args: string[]) => place.succeed(["rclone", ...args]);

test("uploads and downloads in one request", async () => {
  for (const sizeBytes of [0, 300_000]) {
    const sent = await place.write("sent", sizeBytes);
    await rclone("copyto", "sent", `balde:${bucket}/sizes/${sizeBytes}`);
    await rclone("copyto", `balde:${bucket}/sizes/${sizeBytes}`, "received");
    expect(sent.equals(await place.read("received"))).toBe(true);
  }
});

test("uploads in parts: a stream, and a file beyond its limit; downloads them in several streams", async () => {
  const sent = await place.write("large", 17 * MiB);
  await place.succeed(["rclone", "rcat", `balde:${bucket}/streamed`], { input: sent });
  // The limit is 200 MiB unless set.
  await rclone("copyto", "--s3-upload-cutoff", "8M", "large", `balde:${bucket}/large`);
  for (const key of ["streamed", "large"]) {
    await rclone("copyto", "--multi-thread-cutoff", "1M", `balde:${bucket}/${key}`, "received");
    expect(sent.equals(await place.read("received"))).toBe(true);
  }
  // rclone keeps the MD5 of what it sent in parts as metadata.
  expect(await rclone("md5sum", `balde:${bucket}/large`)).toMatch(/^[0-9a-f]{32} {2}large\n$/);
});

test("syncs a tree with odd names by checksum, there and back, and sends nothing a second time", async () => {
  for (const name of oddNames) await place.write(`tree/${name}`, name);
  await place.write("tree/in parts.bin", 9 * MiB);
  const sync = ["sync", "--checksum", "--s3-upload-cutoff", "8M"];
  await rclone(...sync, "tree", `balde:${bucket}/tree`);
  await rclone("check", "tree", `balde:${bucket}/tree`);
  const again = await place.run(["rclone", ...sync, "-v", "tree", `balde:${bucket}/tree`]);
  expect(again.output).toMatch(/There was nothing to transfer/);

  await rclone("sync", "--checksum", `balde:${bucket}/tree`, "tree-back");
  expect(await place.list("tree-back")).toEqual(await place.list("tree"));
  await place.write("tree/100% 50%25 %2F.txt", "changed");
  await place.succeed(["rm", place.path("tree/.hidden")]);
  await rclone(...sync, "tree", `balde:${bucket}/tree`);
  await rclone("check", "tree", `balde:${bucket}/tree`);
});

test("copies and moves within the store, in parts too", async () => {
  await rclone("copyto", "--s3-copy-cutoff", "8M", `balde:${bucket}/large`, `balde:${bucket}/copied`);
  await rclone("moveto", `balde:${bucket}/copied`, `balde:${bucket}/pão + mel`);
  await rclone("copyto", `balde:${bucket}/pão + mel`, "moved");
  expect((await place.read("moved")).equals(await place.read("large"))).toBe(true);
});

test("lists, adds up, and deletes recursively", async () => {
  expect(await rclone("lsd", "balde:")).toContain(bucket);
  const listed = await rclone("lsf", "--recursive", "--files-only", `balde:${bucket}/tree`);
  expect(listed.trim().split("\n").sort()).toEqual(await place.list("tree"));
  const size = JSON.parse(await rclone("size", "--json", `balde:${bucket}/tree`));
  expect(size.count).toBe(oddNames.length);
  await rclone("purge", `balde:${bucket}/tree`);
  expect(await rclone("lsf", `balde:${bucket}`)).not.toContain("tree");
});

test("keeps metadata in UTF-8, and the time of the file", async () => {
  await place.write("meta", "x");
  await place.succeed(["touch", "-d", "2001-02-03T04:05:06Z", place.path("meta")]);
  await rclone("copyto", "--metadata", "--metadata-set", "doce=maçã €", "meta", `balde:${bucket}/meta`);
  const [entry] = JSON.parse(await rclone("lsjson", "--metadata", `balde:${bucket}/meta`));
  expect(entry.Metadata.doce).toBe("maçã €");
  expect(entry.ModTime).toMatch(/^2001-02-03T04:05:06/);
});

test("links to a download that anyone can follow", async () => {
  const content = await place.write("shared", 1000);
  await rclone("copyto", "shared", `balde:${bucket}/pão de queijo.bin`);
  const url = (await rclone("link", "--expire", "60s", `balde:${bucket}/pão de queijo.bin`)).trim();
  expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(content)).toBe(true);
});
