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

const s3cmd = (...args: string[]) => place.succeed(["s3cmd", "--no-progress", ...args]);

test("uploads and downloads, in one request and, beyond 15 MiB, in parts", async () => {
  for (const sizeBytes of [0, 300_000, 17 * MiB]) {
    const sent = await place.write("sent", sizeBytes);
    await s3cmd("put", "sent", `s3://${bucket}/sizes/${sizeBytes}`);
    await s3cmd("get", "--force", `s3://${bucket}/sizes/${sizeBytes}`, "received");
    expect(sent.equals(await place.read("received"))).toBe(true);
  }
  // It knows the MD5 of an object that came in parts from metadata of its own.
  expect(await s3cmd("sync", "sent", `s3://${bucket}/sizes/${17 * MiB}`)).not.toContain("upload:");
});

test("copies and moves within the store", async () => {
  await s3cmd("cp", `s3://${bucket}/sizes/300000`, `s3://${bucket}/pão + mel`);
  await s3cmd("mv", `s3://${bucket}/pão + mel`, `s3://${bucket}/pão & mel`);
  const listed = await s3cmd("ls", `s3://${bucket}/p`);
  expect(listed).toContain("pão & mel");
  expect(listed).not.toContain("pão + mel");
});

test("syncs a tree with odd names up and down, and sends nothing a second time", async () => {
  for (const name of oddNames) await place.write(`tree/${name}`, name);
  await s3cmd("sync", "tree/", `s3://${bucket}/tree/`);
  expect(await s3cmd("sync", "tree/", `s3://${bucket}/tree/`)).not.toContain("upload:");
  await place.succeed(["mkdir", "tree-back"]);
  await s3cmd("sync", `s3://${bucket}/tree/`, "tree-back/");
  expect(await place.list("tree-back")).toEqual([...oddNames].sort());
  for (const name of oddNames) expect((await place.read(`tree-back/${name}`)).toString()).toBe(name);
});

test("lists, adds up, and deletes recursively", async () => {
  expect(await s3cmd("ls")).toContain(`s3://${bucket}`);
  expect((await s3cmd("ls", "--recursive", `s3://${bucket}/tree/`)).trim().split("\n")).toHaveLength(
    oddNames.length,
  );
  expect(await s3cmd("du", `s3://${bucket}/tree/`)).toContain(` ${oddNames.length} objects`);
  await s3cmd("del", "--recursive", "--force", `s3://${bucket}/tree/`);
  expect(await s3cmd("ls", "--recursive", `s3://${bucket}/tree/`)).toBe("");
});

test("keeps headers and metadata in UTF-8, as another client reads them", async () => {
  await place.write("meta", "x");
  await s3cmd(
    ...["put", "meta", `s3://${bucket}/meta`, "--mime-type=text/x-lista"],
    ...["--add-header=x-amz-meta-cor:azul", "--add-header=x-amz-meta-doce:maçã"],
  );
  const listing = await place.succeed(["rclone", "lsjson", "--metadata", `balde:${bucket}/meta`]);
  const [{ MimeType, Metadata }] = JSON.parse(listing);
  expect(MimeType).toBe("text/x-lista");
  expect(Metadata).toMatchObject({ cor: "azul", doce: "maçã" });
});

test("is told why when its signed URLs, which are of version 2, are refused", async () => {
  await s3cmd("put", "meta", `s3://${bucket}/shared`);
  const url = (await s3cmd("signurl", `s3://${bucket}/shared`, "+60")).trim();
  const answer = await fetch(url);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("Please use AWS4-HMAC-SHA256");
});
