import { createHash, randomBytes, randomInt } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";

/** Operations at random on few objects, so that many of them meet at one. */

/** The buckets: one whose versioning changes, one that comes and goes, one whose objects nobody touches again. */
export const BUCKETS = { mixed: "mixed", passing: "passing", kept: "kept" };
const { mixed, passing, kept } = BUCKETS;
const KEYS = ["a", "a/b", "a/c", "b", "ç/d", "e"];
const SIZES = [0, 10, 3000, 65_536, 65_537, 200_000];
const MIN_PART_BYTES = 5 * 2 ** 20;

/** What an operation may be answered where another has changed what it is about. */
export const EXPECTED_ERRORS = [
  "EntityTooSmall",
  "InvalidPart",
  "InvalidRequest",
  "MethodNotAllowed",
  "BucketNotEmpty",
  "NoSuchBucket",
  "NoSuchKey",
  "NoSuchUpload",
  "NoSuchVersion",
  "NotFound",
  "PreconditionFailed",
  "QuotaExceeded",
];

/** Bytes that are not what the store says of them. */
export class WrongBytes extends Error {}

type Target = { Bucket: string; Key: string };
type Upload = Target & { UploadId: string };
export type Operation = { name: string; run: () => Promise<unknown> };

/**
 * @param answered is told of each object in the bucket `kept` that the store has answered for: its key and its MD5
 * @returns a function that chooses the next operation
 */
export function createRandomOperations(s3: S3Client, answered: Map<string, string>): () => Operation {
  const object = (): Target => ({ Bucket: anyBucket(), Key: pick(KEYS) });
  const part = () => ({ PartNumber: 1 + randomInt(3) });
  const operations: [weight: number, name: string, run: () => Promise<unknown>][] = [
    [10, "put", () => s3.send(new PutObjectCommand({ ...object(), Body: anyBody() }))],
    [3, "put once", () => s3.send(new PutObjectCommand({ ...object(), Body: anyBody(), IfNoneMatch: "*" }))],
    [10, "get", () => get(s3, object())],
    [4, "keep", () => keep(s3, answered)],
    [4, "delete", () => s3.send(new DeleteObjectCommand(object()))],
    [2, "delete versions", () => deleteVersions(s3)],
    [1, "delete many", () => deleteKeys(s3)],
    [4, "copy", () => copy(s3, object(), object())],
    [2, "tag", () => tag(s3, object())],
    [1, "untag", () => s3.send(new DeleteObjectTaggingCommand(object()))],
    [3, "begin", () => s3.send(new CreateMultipartUploadCommand(object()))],
    [6, "part", () => onUpload(s3, (up) => send(s3, { ...up, ...part() }))],
    [2, "part copy", () => onUpload(s3, (up) => copyPart(s3, { ...up, ...part() }, object()))],
    [4, "complete", () => onUpload(s3, (up) => complete(s3, up))],
    [2, "abort", () => onUpload(s3, (up) => s3.send(new AbortMultipartUploadCommand(up)))],
    [2, "list", () => s3.send(new ListObjectsV2Command({ Bucket: anyBucket(), Delimiter: "/" }))],
    [1, "versioning", () => setVersioning(s3)],
    [1, "remove bucket", () => s3.send(new DeleteBucketCommand({ Bucket: passing }))],
    [2, "make bucket", () => s3.send(new CreateBucketCommand({ Bucket: passing }))],
    [1, "rules", () => putRules(s3)],
    [1, "two parts", () => putTwoParts(s3)],
  ];
  const weighted = operations.flatMap(([weight, name, run]) =>
    Array.from({ length: weight }, (): Operation => ({ name, run })),
  );
  return () => pick(weighted);
}

const pick = <T>(list: readonly T[]) => list[randomInt(list.length)] as T;
const shuffled = <T>(list: readonly T[]) => list.toSorted(() => Math.random() - 0.5);
const anyBucket = () => pick([mixed, mixed, passing]);
const anyBody = () => randomBytes(pick(SIZES));
const sourceOf = ({ Bucket, Key }: Target) => `${Bucket}/${encodeURIComponent(Key)}`;
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** Reads an object and compares its bytes with its ETag. */
async function get(s3: S3Client, target: Target): Promise<void> {
  const { Body, ETag = "", ContentLength } = await s3.send(new GetObjectCommand(target));
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  const parts = Number(/-(\d)"$/.exec(ETag)?.[1] ?? 0);
  const pieces = parts === 2 ? [bytes.subarray(0, MIN_PART_BYTES), bytes.subarray(MIN_PART_BYTES)] : [bytes];
  const digest = parts === 0 ? md5(bytes) : `${md5(Buffer.from(pieces.map(md5).join(""), "hex"))}-${parts}`;
  if (bytes.length !== ContentLength || `"${digest}"` !== ETag) {
    throw new WrongBytes(
      `${sourceOf(target)}: ${bytes.length} bytes of ${ContentLength}, ${digest} for ${ETag}`,
    );
  }
}

/** Puts an object in one of the ways there are, under a key that nobody touches afterwards. */
async function keep(s3: S3Client, answered: Map<string, string>): Promise<void> {
  const target = { Bucket: kept, Key: randomBytes(8).toString("hex") };
  const Body = anyBody();
  const way = pick(["at once", "in a part", "and copied"]);
  if (way === "at once") await s3.send(new PutObjectCommand({ ...target, Body }));
  else {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
    const upload = { ...target, UploadId };
    const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber: 7, Body }));
    const MultipartUpload = { Parts: [{ PartNumber: 7, ETag }] };
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }));
  }
  answered.set(target.Key, md5(Body));
  if (way !== "and copied") return;
  await copy(s3, { Bucket: kept, Key: `${target.Key}-copy` }, target);
  answered.set(`${target.Key}-copy`, md5(Body));
}

/** Of two parts, completed twice at once and read meanwhile. */
async function putTwoParts(s3: S3Client): Promise<void> {
  const target = { Bucket: mixed, Key: "two parts" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const bodies = [randomBytes(MIN_PART_BYTES), anyBody()];
  const Parts = await Promise.all(
    bodies.map(async (Body, i) => {
      const PartNumber = i + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
      return { PartNumber, ETag };
    }),
  );
  const request = { ...target, UploadId, MultipartUpload: { Parts } };
  await allOf([
    s3.send(new CompleteMultipartUploadCommand(request)),
    s3.send(new CompleteMultipartUploadCommand(request)),
    get(s3, target),
  ]);
}

/** Waits for all of them, and then fails as the first that failed. */
async function allOf(calls: Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(calls)).find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

function copy(s3: S3Client, target: Target, source: Target): Promise<unknown> {
  // Onto itself too, for which it has to change something.
  const directive = { MetadataDirective: "REPLACE" } as const;
  return s3.send(new CopyObjectCommand({ ...target, CopySource: sourceOf(source), ...directive }));
}

function tag(s3: S3Client, target: Target): Promise<unknown> {
  const Tagging = { TagSet: [{ Key: "t", Value: String(randomInt(3)) }] };
  return s3.send(new PutObjectTaggingCommand({ ...target, Tagging }));
}

function setVersioning(s3: S3Client): Promise<unknown> {
  const VersioningConfiguration = { Status: pick(["Enabled", "Suspended"] as const) };
  return s3.send(new PutBucketVersioningCommand({ Bucket: mixed, VersioningConfiguration }));
}

function deleteKeys(s3: S3Client): Promise<unknown> {
  const Objects = shuffled([...KEYS, ...KEYS]).map((Key) => ({ Key }));
  return s3.send(new DeleteObjectsCommand({ Bucket: anyBucket(), Delete: { Objects } }));
}

async function deleteVersions(s3: S3Client): Promise<void> {
  const Bucket = anyBucket();
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const some = shuffled([...Versions, ...DeleteMarkers]).slice(0, 1 + randomInt(20));
  const Objects = some.map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
}

/** Does something to one of the open uploads, if there is any. */
async function onUpload(s3: S3Client, run: (upload: Upload) => Promise<unknown>): Promise<void> {
  const Bucket = anyBucket();
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  if (Uploads.length === 0) return;
  const { Key = "", UploadId = "" } = pick(Uploads);
  await run({ Bucket, Key, UploadId });
}

const send = (s3: S3Client, part: Upload & { PartNumber: number }) =>
  s3.send(new UploadPartCommand({ ...part, Body: anyBody() }));

const copyPart = (s3: S3Client, part: Upload & { PartNumber: number }, source: Target) =>
  s3.send(new UploadPartCopyCommand({ ...part, CopySource: sourceOf(source) }));

/** Small parts: only one of them can make an object, and the others are freed. Twice at once. */
async function complete(s3: S3Client, upload: Upload): Promise<void> {
  const { Parts = [] } = await s3.send(new ListPartsCommand(upload));
  if (Parts.length === 0) return;
  const { PartNumber, ETag } = pick(Parts);
  const request = { ...upload, MultipartUpload: { Parts: [{ PartNumber, ETag }] } };
  await allOf([1, 2].map(() => s3.send(new CompleteMultipartUploadCommand(request))));
}

/** Rules for the bucket `mixed`, one of them for now this and now that. */
export function putRules(s3: S3Client): Promise<unknown> {
  const Status = "Enabled" as const;
  const noncurrent = { NoncurrentDays: 1, NewerNoncurrentVersions: 2 };
  const Rules = [
    { Status, Filter: { Prefix: pick(["", "a"]) }, NoncurrentVersionExpiration: noncurrent },
    { Status, Filter: { Tag: { Key: "t", Value: "1" } }, Expiration: { Days: 1 } },
    { Status, Filter: { Prefix: "" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } },
    { Status, Filter: { Prefix: "" }, Expiration: { ExpiredObjectDeleteMarker: true } },
  ];
  const LifecycleConfiguration = { Rules };
  return s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: mixed, LifecycleConfiguration }));
}
