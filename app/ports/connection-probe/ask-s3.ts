import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { createClient } from "#app/ports/storage/ceph/s3-client.ts";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";

/** Of an answer that is read to know who answered. */
const enoughBytes = 65_536;

export interface UnsignedAnswer {
  status: number;
  /** Whether it speaks S3: an answer of that shape, or S3's name for the request. */
  isS3: boolean;
  /** The answerer's clock, to the second; null where it says nothing of it. */
  date: Date | null;
}

/** What answers to a request without a signature at an endpoint; null where nothing does in time. */
export async function askUnsigned(endpoint: string, deadlineMs: number): Promise<UnsignedAnswer | null> {
  try {
    // A redirect would lead to a host that is none of ours.
    const answer = await fetch(endpoint, { redirect: "manual", signal: AbortSignal.timeout(deadlineMs) });
    const text = await beginningOf(answer);
    const date = new Date(answer.headers.get("Date") ?? Number.NaN);
    return {
      status: answer.status,
      isS3:
        /<Error>[\s\S]*<Code>|<ListAllMyBucketsResult/.test(text) || answer.headers.has("x-amz-request-id"),
      date: Number.isNaN(date.getTime()) ? null : date,
    };
  } catch {
    return null;
  }
}

async function beginningOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes >= enoughBytes) break;
  }
  return text;
}

/** How the engine refused: its own code, or null where there was no answer that could be read in time. */
export interface Refused {
  refused: { status: number; code: string } | null;
}

/** What a key may ask for in a connection test, each bounded in time; a refusal is an answer. */
export interface SignedProbe {
  /** Names of the buckets that the engine lists for the key. */
  listBuckets(): Promise<{ names: string[] } | Refused>;
  /** A key of an object in the bucket; null where it is empty. */
  findObject(bucket: string): Promise<{ key: string | null } | Refused>;
  headObject(bucket: string, key: string): Promise<{ sizeBytes: number } | Refused>;
  /** Writes a few bytes under a name. */
  put(bucket: string, key: string): Promise<{ versionId: string | undefined } | Refused>;
  /** Removes what {@link put} wrote, for good: the version too, where the bucket keeps versions. */
  remove(bucket: string, key: string, versionId: string | undefined): Promise<{ removed: true } | Refused>;
}

/** Signs with a pair that somebody has, and keeps nothing of it. `deadlineMs` is for each request. */
export function signedProbe(
  place: { endpoint: string; region: string },
  pair: AccessKeyPair,
  deadlineMs: number,
): SignedProbe {
  const s3 = createClient(place, pair);
  const inTime = () => ({ abortSignal: AbortSignal.timeout(deadlineMs) });
  return {
    listBuckets: () =>
      orRefused(async () => {
        const { Buckets = [] } = await s3.send(new ListBucketsCommand({}), inTime());
        return { names: Buckets.flatMap(({ Name }) => Name ?? []) };
      }),
    findObject: (bucket) =>
      orRefused(async () => {
        const input = { Bucket: bucket, MaxKeys: 1 };
        const { Contents = [] } = await s3.send(new ListObjectsV2Command(input), inTime());
        return { key: Contents[0]?.Key ?? null };
      }),
    headObject: (bucket, key) =>
      orRefused(async () => {
        const input = { Bucket: bucket, Key: key };
        const { ContentLength = 0 } = await s3.send(new HeadObjectCommand(input), inTime());
        return { sizeBytes: ContentLength };
      }),
    put: (bucket, key) =>
      orRefused(async () => {
        const input = { Bucket: bucket, Key: key, Body: "Balde" };
        const { VersionId } = await s3.send(new PutObjectCommand(input), inTime());
        return { versionId: VersionId };
      }),
    remove: (bucket, key, versionId) =>
      orRefused(async () => {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }), inTime());
        return { removed: true };
      }),
  };
}

async function orRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer | Refused> {
  try {
    return await ask();
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (!(error instanceof S3ServiceException) || status === undefined || status >= 500)
      return { refused: null };
    return { refused: { status, code: error.name } };
  }
}
