import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import {
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, inject } from "vitest";
import { checkCounters } from "./scrub/check-counters.ts";
import { admin, createTenant, s3Client } from "./testing.ts";
import { type InProcessStore, startInProcess } from "./testing-in-process.ts";

/** Support for the tests of multipart uploads: the steps of one, in one bucket. */

export const Bucket = "parts";

/** As small as a part may be that is not the last. */
export const PART = 5 * 1024 * 1024;
export const FIRST = randomBytes(PART);
export const LAST = randomBytes(1000);

/** The MD5 of a body, as it is. */
export const md5 = (body: Buffer) => createHash("md5").update(body).digest();

/** The ETag of an object of these parts. */
export const etagOf = (...parts: Buffer[]) =>
  `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}"`;

/** As CompleteMultipartUpload takes them. */
export type Parts = NonNullable<CompleteMultipartUploadCommandInput["MultipartUpload"]>["Parts"];

/**
 * Gives the tests of a file a store in their process, and each test a tenant of its own with the bucket; `store`, `uid`
 * and `s3` are there once it runs.
 */
export function withUploads() {
  let store: InProcessStore;
  let uid: string;
  let s3: S3Client;

  beforeAll(async () => {
    store = await startInProcess(inject("postgres"));
  });

  beforeEach(async () => {
    const tenant = await createTenant(store);
    uid = tenant.uid;
    s3 = s3Client(store, tenant.key);
    await s3.send(new CreateBucketCommand({ Bucket }));
  });

  afterAll(() => store?.stop());

  /** Begins an upload. @returns its id */
  async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    return `${UploadId}`;
  }

  /** Uploads parts and gives them back as CompleteMultipartUpload takes them. */
  async function uploadParts(Key: string, UploadId: string, bodies: Record<number, Buffer>) {
    const parts = [];
    for (const [number, Body] of Object.entries(bodies)) {
      const PartNumber = Number(number);
      const answer = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
      const { ETag, ChecksumCRC32, ChecksumCRC32C, ChecksumCRC64NVME, ChecksumSHA1, ChecksumSHA256 } = answer;
      parts.push({
        PartNumber,
        ETag,
        ChecksumCRC32,
        ChecksumCRC32C,
        ChecksumCRC64NVME,
        ChecksumSHA1,
        ChecksumSHA256,
      });
    }
    return parts;
  }

  /** Makes an object of the parts that are given. */
  const complete = (
    Key: string,
    UploadId: string,
    Parts: Parts,
    more: Partial<CompleteMultipartUploadCommandInput> = {},
  ) =>
    s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
    );

  /** An object of these parts. */
  async function makeObject(Key: string, ...bodies: Buffer[]): Promise<void> {
    const id = await begin(Key);
    await complete(
      Key,
      id,
      await uploadParts(Key, id, Object.fromEntries(bodies.map((body, i) => [i + 1, body]))),
    );
  }

  /** An object's body, or a range of it. */
  async function read(Key: string, more: { Range?: string; VersionId?: string } = {}): Promise<Buffer> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** The files of all bodies. */
  const files = async () =>
    (await readdir(path.join(store.directory, "blobs"), { recursive: true })).filter(
      (name) => name.length > 2,
    );

  /** What the bucket takes, as the administrator sees it; fails where the counters do not count what is there. */
  async function usage(): Promise<Record<string, { size: number; num_objects: number }>> {
    expect(await checkCounters(store.store.database)).toEqual([]);
    return (await admin(store, "GET", "/bucket", { uid, bucket: Bucket, stats: "true" })).json.usage;
  }

  return {
    get store() {
      return store;
    },
    get uid() {
      return uid;
    },
    get s3() {
      return s3;
    },
    begin,
    uploadParts,
    complete,
    makeObject,
    read,
    files,
    usage,
  };
}
