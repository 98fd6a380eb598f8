import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
} from "@aws-sdk/client-s3";
import type { Tag } from "../../bucket-settings.ts";
import { StorageError } from "../../errors.ts";
import type { ObjectContent, ObjectDetails, ObjectInput } from "../../objects.ts";
import type { Call } from "../call.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { objectParameters, plainEtag } from "./names.ts";
import { unlessSilent } from "./unless-silent.ts";

export async function headObject(
  config: EngineConfig,
  call: Call,
  input: ObjectInput,
): Promise<ObjectDetails> {
  const command = new HeadObjectCommand({ ...objectParameters(input), ChecksumMode: "ENABLED" });
  const answer = await unlessMarker(
    call,
    sendS3(config, call, "read", input.key, (client, options) => client.send(command, options)),
  );
  return { ...detailsOf(answer), sizeBytes: BigInt(answer.ContentLength ?? 0) };
}

export async function getObjectTags(config: EngineConfig, call: Call, input: ObjectInput): Promise<Tag[]> {
  const command = new GetObjectTaggingCommand(objectParameters(input));
  const answer = await unlessMarker(
    call,
    sendS3(config, call, "read", input.key, (client, options) => client.send(command, options)),
  );
  return (answer.TagSet ?? [])
    .map(({ Key, Value }) => ({ key: Key ?? "", value: Value ?? "" }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

export async function getObject(
  config: EngineConfig,
  call: Call,
  input: ObjectInput & { range?: string },
): Promise<ObjectContent> {
  const command = new GetObjectCommand({ ...objectParameters(input), Range: input.range });
  const answer = await unlessMarker(
    call,
    sendS3(config, call, "read", input.key, async (client, { abortSignal }) => {
      const { signal, release } = releasable(abortSignal);
      try {
        return await client.send(command, { abortSignal: signal });
      } finally {
        // From here on the content may take as long as whoever reads it does.
        release();
      }
    }),
  );
  const contentRange = answer.ContentRange ?? null;
  const contentLength = BigInt(answer.ContentLength ?? 0);
  return {
    ...detailsOf(answer),
    sizeBytes: BigInt(contentRange?.split("/")[1] ?? contentLength),
    contentLength,
    contentRange,
    body: unlessSilent(call.operation, answer.Body as Readable),
  };
}

/** A signal that follows another until it is released. */
function releasable(deadline: AbortSignal): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = () => controller.abort(deadline.reason);
  deadline.addEventListener("abort", abort);
  if (deadline.aborted) abort();
  return { signal: controller.signal, release: () => deadline.removeEventListener("abort", abort) };
}

/** Asked for a delete marker by its id, S3 says that the method is not allowed; what was asked for is not there. */
async function unlessMarker<T>(call: Call, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof StorageError) || error.status !== 405) throw error;
    throw new StorageError("not-found", {
      operation: call.operation,
      status: error.status,
      engineCode: "DeleteMarker",
      requestId: error.requestId,
    });
  }
}

type Details = Pick<
  HeadObjectCommandOutput | GetObjectCommandOutput,
  "ContentType" | "ETag" | "LastModified" | "Metadata" | "StorageClass" | "VersionId"
>;

function detailsOf(answer: Details): Omit<ObjectDetails, "sizeBytes"> {
  return {
    lastModified: answer.LastModified ?? new Date(0),
    etag: plainEtag(answer.ETag),
    contentType: answer.ContentType ?? "application/octet-stream",
    storageClass: answer.StorageClass ?? "STANDARD",
    versionId: answer.VersionId ?? null,
    metadata: Object.fromEntries(
      Object.entries(answer.Metadata ?? {}).map(([name, value]) => [name, headerText(value)]),
    ),
    checksums: named(answer, CHECKSUMS),
    headers: named(answer, HEADERS),
  };
}

const CHECKSUMS = {
  ChecksumCRC32: "CRC32",
  ChecksumCRC32C: "CRC32C",
  ChecksumCRC64NVME: "CRC64NVME",
  ChecksumSHA1: "SHA1",
  ChecksumSHA256: "SHA256",
} as const;

const HEADERS = {
  CacheControl: "Cache-Control",
  ContentDisposition: "Content-Disposition",
  ContentEncoding: "Content-Encoding",
  ContentLanguage: "Content-Language",
  ExpiresString: "Expires",
  WebsiteRedirectLocation: "x-amz-website-redirect-location",
} as const;

/** Those of an answer's members that are there, by other names. */
function named(answer: object, names: Readonly<Record<string, string>>): Record<string, string> {
  const present = Object.entries(answer).flatMap(([member, value]) => {
    const name = names[member];
    return name !== undefined && typeof value === "string" ? [[name, headerText(value)] as const] : [];
  });
  return Object.fromEntries(present);
}

/** Node reads a header's bytes as Latin-1; most clients sent UTF-8. */
function headerText(value: string): string {
  try {
    return utf8.decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
