import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Customer, startIssuer } from "./issued-keys.ts";
import { openWorkplace, type Ran, type Workplace } from "./workplace.ts";

// Each client must be refused, end with a failure, and say what the store said.

const MiB = 2 ** 20;
const issuer = await startIssuer();
/** Somebody with a key, and the bucket that they are after. */
type Intruder = Workplace & { bucket: string };
const intruders = new Map<string, Intruder>();

beforeAll(async () => {
  const [ours, theirs, suspended, full] = await Promise.all([1, 2, 3, 4].map(() => issuer.makeCustomer()));
  if (!ours || !theirs || !suspended || !full) throw new Error("no customers");
  const bucket = await ours.makeBucket();
  await addIntruder("a key that may only read", ours, bucket, "read");
  await addIntruder("another account's key", theirs, bucket);
  await addIntruder("a key of a suspended account", suspended, await suspended.makeBucket());
  await addIntruder("a key of an account over its quota", full, await full.makeBucket());
  await issuer.engine.suspendTenant(suspended.tenant);
  await issuer.engine.setQuota({ tenant: full.tenant, quota: { maxSizeBytes: 100n, maxObjects: null } });
});
afterAll(async () => {
  await Promise.all([...intruders.values()].map((intruder) => intruder.close()));
  await issuer.stop();
});

async function addIntruder(name: string, customer: Customer, bucket: string, permission?: "read") {
  const place = await openWorkplace(await customer.issueKey(permission));
  await place.write("file", 6 * MiB);
  intruders.set(name, { ...place, bucket });
}

// What each says of it. Where a client asks with HEAD, whose answer has no body, all it knows is the status; and
// restic makes the bucket that it does not find, which keys may not.
const DENIED = /AccessDenied|Access Denied/;
const MISSING = /NoSuchBucket|does not exist|directory not found|MakeBucket: Access Denied/;
const SUSPENDED = /UserSuspended|suspended|Forbidden/;
const FULL = /QuotaExceeded|quota of this bucket or of its owner is exceeded/;
const NOT_REFUSED = null;

describe.each([
  ["aws", awsCli],
  ["boto3", boto3],
  ["s3cmd", s3cmd],
  ["rclone", rclone],
  ["restic", restic],
  ["@aws-sdk/client-s3", sdk],
] as const)("%s", (_, run) => {
  test.each<[string, toUpload: RegExp, toList: RegExp | null]>([
    ["a key that may only read", DENIED, NOT_REFUSED],
    ["another account's key", MISSING, MISSING],
    ["a key of a suspended account", SUSPENDED, SUSPENDED],
    ["a key of an account over its quota", FULL, NOT_REFUSED],
  ])("with %s", async (name, toUpload, toList) => {
    const intruder = intruders.get(name) as Intruder;
    expectRefused(await run(intruder, "upload"), toUpload);
    expectRefused(await run(intruder, "list"), toList);
  });
});

function expectRefused({ code, output }: Ran, refusal: RegExp | null): void {
  if (refusal === null) {
    // The output is what a failure shows.
    expect([code, output]).toEqual([0, expect.any(String)]);
  } else {
    expect(output).toMatch(refusal);
    expect(code).not.toBe(0);
  }
}

type Act = "upload" | "list";

function awsCli({ run, connection, bucket }: Intruder, act: Act): Promise<Ran> {
  const what = {
    upload: ["s3", "cp", "--no-progress", "file", `s3://${bucket}/file`],
    list: ["s3api", "list-objects-v2", "--bucket", bucket],
  };
  return run(["aws", "--profile", "balde", "--endpoint-url", connection.endpoint, ...what[act]]);
}

function boto3({ run, settings, bucket }: Intruder, act: Act): Promise<Ran> {
  const what = {
    upload: `s3.upload_file("file", "${bucket}", "file")`,
    list: `s3.list_objects_v2(Bucket="${bucket}")`,
  };
  return run(["python3", "-c", `${settings("boto3")}\n${what[act]}`]);
}

function s3cmd({ run, bucket }: Intruder, act: Act): Promise<Ran> {
  const what = {
    upload: ["put", "--no-progress", "file", `s3://${bucket}/file`],
    list: ["ls", `s3://${bucket}`],
  };
  return run(["s3cmd", ...what[act]]);
}

function rclone({ run, bucket }: Intruder, act: Act): Promise<Ran> {
  const what = { upload: ["copyto", "file", `balde:${bucket}/file`], list: ["lsf", `balde:${bucket}`] };
  return run(["rclone", ...what[act]]);
}

/** Its first writing is to make a repository. */
async function restic({ run, connection, bucket }: Intruder, act: Act): Promise<Ran> {
  const environment = {
    RESTIC_REPOSITORY: `s3:${connection.endpoint}/${bucket}`,
    RESTIC_PASSWORD: "correct horse",
    AWS_ACCESS_KEY_ID: connection.accessKeyId,
    AWS_SECRET_ACCESS_KEY: connection.secretAccessKey,
  };
  const what = { upload: ["init"], list: ["snapshots"] };
  const ran = await run(["restic", ...what[act]], { environment });
  // It could look, and saw that there is no repository.
  return /The specified key does not exist/.test(ran.output) ? { ...ran, code: 0 } : ran;
}

/** As an outcome of the others' kind. */
async function sdk({ connection, read, bucket }: Intruder, act: Act): Promise<Ran> {
  const { endpoint, region, ...credentials } = connection;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Body = await read("file");
  const what = {
    upload: () => new Upload({ client: s3, params: { Bucket: bucket, Key: "file", Body } }).done(),
    list: () => s3.send(new ListObjectsV2Command({ Bucket: bucket })),
  };
  const output = await what[act]().then(() => "", String);
  return { code: output === "" ? 0 : 1, stdout: "", output };
}
