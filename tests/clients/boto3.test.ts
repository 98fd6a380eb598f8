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

/** Runs the console's own snippet, which makes the client `s3`, and then these lines; `answer` is what they set. */
async function boto3(lines: string, given: Record<string, unknown> = {}) {
  const script = [
    place.settings("boto3"),
    "import json, sys",
    "globals().update(json.load(sys.stdin))",
    lines,
    "print(json.dumps(answer, default=str))",
  ].join("\n");
  const input = JSON.stringify({ bucket, ...given });
  return JSON.parse(await place.succeed(["python3", "-c", script], { input }));
}

test("uploads and downloads files, in one request and, beyond 8 MiB, in parts", async () => {
  await place.write("small", 300_000);
  await place.write("large", 17 * MiB);
  const etags = await boto3(`
answer = {}
for name in ["small", "large"]:
    s3.upload_file(name, bucket, name)
    s3.download_file(bucket, name, name + "-back")
    answer[name] = s3.head_object(Bucket=bucket, Key=name)["ETag"]`);
  expect(etags.small).toMatch(/^"[0-9a-f]{32}"$/);
  expect(etags.large).toMatch(/^"[0-9a-f]{32}-3"$/);
  for (const name of ["small", "large"]) {
    expect((await place.read(name)).equals(await place.read(`${name}-back`))).toBe(true);
  }
});

test("takes odd names, lists them in pages and deletes them at once", async () => {
  const names = [...oddNames, "tab\tand\nnewline", "/leading", "double//slash", "trailing/"];
  const answer = await boto3(
    `
for name in names:
    s3.put_object(Bucket=bucket, Key="odd/" + name, Body=name.encode())
answer = {"read": [s3.get_object(Bucket=bucket, Key="odd/" + name)["Body"].read().decode() for name in names]}
pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="odd/", PaginationConfig={"PageSize": 3})
answer["listed"] = [item["Key"][4:] for page in pages for item in page["Contents"]]
gone = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "odd/" + name} for name in names]})
answer["deleted"] = len(gone["Deleted"])
answer["left"] = s3.list_objects(Bucket=bucket, Prefix="odd/").get("Contents", [])`,
    { names },
  );
  expect(answer.read).toEqual(names);
  expect(answer.listed.toSorted()).toEqual(names.toSorted());
  expect(answer).toMatchObject({ deleted: names.length, left: [] });
});

test("keeps headers and metadata, through a copy too", async () => {
  const { head } = await boto3(`
s3.put_object(Bucket=bucket, Key="meta", Body=b"x", Metadata={"cor": "azul"}, ContentType="text/x-lista", CacheControl="max-age=60")
s3.copy({"Bucket": bucket, "Key": "meta"}, bucket, "pão + mel")
answer = {"head": s3.head_object(Bucket=bucket, Key="pão + mel")}`);
  expect(head).toMatchObject({
    Metadata: { cor: "azul" },
    ContentType: "text/x-lista",
    CacheControl: "max-age=60",
  });
});

test("keeps metadata in UTF-8, which boto3 sends for those who tell it to", async () => {
  const answer = await boto3(`
def with_metadata(params, **_):
    params["headers"]["x-amz-meta-doce"] = "maçã"
s3.meta.events.register("before-call.s3.PutObject", with_metadata)
s3.put_object(Bucket=bucket, Key="utf-8")
answer = s3.head_object(Bucket=bucket, Key="utf-8")["Metadata"]`);
  expect(answer).toEqual({ doce: "maçã" });
});

test("presigns uploads and downloads", async () => {
  const { put, get } = await boto3(`
where = {"Bucket": bucket, "Key": "açaí + guaraná.txt"}
answer = {"put": s3.generate_presigned_url("put_object", Params=where), "get": s3.generate_presigned_url("get_object", Params=where)}`);
  expect((await fetch(put, { method: "PUT", body: "com granola" })).status).toBe(200);
  expect(await (await fetch(get)).text()).toBe("com granola");
  expect((await fetch(get, { method: "PUT", body: "x" })).status).toBe(403);
});
