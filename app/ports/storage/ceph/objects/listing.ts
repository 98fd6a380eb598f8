import {
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
} from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type {
  ListInput,
  ListUploadsInput,
  ListVersionsInput,
  ObjectListed,
  ObjectPage,
  PartPage,
  UploadInput,
  UploadPage,
  VersionListed,
  VersionPage,
} from "../../objects.ts";
import type { Call } from "../call.ts";
import { checkedBucket } from "../names.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { plainEtag, uploadParameters } from "./names.ts";
import { inDocumentOrder, rememberOrder } from "./version-order.ts";

/** S3's limit, and that of the port. */
const MAX_ENTRIES = 1_000;

export async function listObjects(config: EngineConfig, call: Call, input: ListInput): Promise<ObjectPage> {
  const command = new ListObjectsV2Command({
    ...pageParameters(input),
    MaxKeys: checkedLimit(input.limit),
    ContinuationToken: input.after,
  });
  const page = await unlessMarkerUnknown(
    call,
    input.after,
    sendS3(config, call, "read", input.key, (client, options) => client.send(command, options)),
  );
  return {
    prefixes: prefixesOf(page),
    objects: (page.Contents ?? []).map((entry) => listed(entry)),
    next: page.IsTruncated ? (page.NextContinuationToken ?? null) : null,
  };
}

export async function listVersions(
  config: EngineConfig,
  call: Call,
  input: ListVersionsInput,
): Promise<VersionPage> {
  const command = new ListObjectVersionsCommand({
    ...pageParameters(input),
    MaxKeys: checkedLimit(input.limit),
    KeyMarker: input.after?.object,
    VersionIdMarker: input.after?.versionId ?? undefined,
  });
  const order = rememberOrder(command);
  const page = await unlessMarkerUnknown(
    call,
    input.after,
    sendS3(config, call, "read", input.key, (client, options) => client.send(command, options)),
  );
  const named = ({ VersionId, IsLatest }: { VersionId?: string; IsLatest?: boolean }) => ({
    versionId: VersionId ?? "null",
    isLatest: IsLatest === true,
  });
  const versions = (page.Versions ?? []).map((entry) => ({
    ...listed(entry),
    ...named(entry),
    isDeleteMarker: false,
  }));
  const markers = (page.DeleteMarkers ?? []).map((entry) => ({
    ...listed({ ...entry, StorageClass: "" }),
    ...named(entry),
    isDeleteMarker: true,
  }));
  const prefixes = prefixesOf(page);
  const inOrder = inDocumentOrder(order(), versions, markers);
  return { prefixes, versions: inOrder, next: page.IsTruncated ? afterLast(prefixes, inOrder.at(-1)) : null };
}

export async function listUploads(
  config: EngineConfig,
  call: Call,
  input: ListUploadsInput,
): Promise<UploadPage> {
  const command = new ListMultipartUploadsCommand({
    ...pageParameters(input),
    MaxUploads: checkedLimit(input.limit),
    KeyMarker: input.after?.object,
    UploadIdMarker: input.after?.uploadId ?? undefined,
  });
  const page = await unlessMarkerUnknown(
    call,
    input.after,
    sendS3(config, call, "read", input.key, (client, options) => client.send(command, options)),
  );
  const uploads = (page.Uploads ?? []).map(({ Key, UploadId, Initiated }) => ({
    object: decode(Key),
    uploadId: UploadId ?? "",
    initiatedAt: Initiated ?? new Date(0),
  }));
  const last = uploads.at(-1);
  return {
    uploads,
    next: page.IsTruncated && last ? { object: last.object, uploadId: last.uploadId } : null,
  };
}

export async function listParts(
  config: EngineConfig,
  call: Call,
  input: UploadInput & { after?: number; limit?: number },
): Promise<PartPage> {
  const command = new ListPartsCommand({
    ...uploadParameters(input),
    MaxParts: checkedLimit(input.limit ?? MAX_ENTRIES),
    PartNumberMarker: input.after === undefined ? undefined : String(input.after),
  });
  const page = await sendS3(config, call, "read", input.key, (client, options) =>
    client.send(command, options),
  );
  const next = Number(page.NextPartNumberMarker);
  return {
    parts: (page.Parts ?? []).map(({ PartNumber, Size, ETag }) => ({
      partNumber: PartNumber ?? 0,
      sizeBytes: BigInt(Size ?? 0),
      etag: plainEtag(ETag),
    })),
    next: page.IsTruncated && next > 0 ? next : null,
  };
}

/**
 * Where a listing of versions goes on: after the last thing of this page. Not what the engine says (`NextKeyMarker`),
 * which Ceph 16.2 does not encode.
 */
function afterLast(prefixes: readonly string[], version: VersionListed | undefined): VersionPage["next"] {
  const prefix = prefixes.at(-1);
  if (!version) return prefix === undefined ? null : { object: prefix, versionId: null };
  const endsInPrefix =
    prefix !== undefined && Buffer.compare(Buffer.from(prefix), Buffer.from(version.object)) > 0;
  return endsInPrefix
    ? { object: prefix, versionId: null }
    : { object: version.object, versionId: version.versionId };
}

/** Keys may hold what XML cannot, so the engine is asked to percent-encode them. */
function pageParameters({
  bucket,
  prefix,
  delimiter,
}: {
  bucket: string;
  prefix?: string;
  delimiter?: string;
}) {
  return {
    Bucket: checkedBucket(bucket),
    EncodingType: "url",
    ...(prefix ? { Prefix: prefix } : {}),
    ...(delimiter ? { Delimiter: delimiter } : {}),
  } as const;
}

function checkedLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ENTRIES) {
    throw new TypeError(`A page has 1 to ${MAX_ENTRIES} entries`);
  }
  return limit;
}

/**
 * The SDK does not decode what it was asked to have encoded. Not every engine says that it did encode (uploads on Ceph
 * 16.2), but all do.
 */
function decode(text = ""): string {
  // Amazon writes a space as a plus sign, and a plus sign encoded.
  return decodeURIComponent(text.replaceAll("+", " "));
}

function prefixesOf({ CommonPrefixes = [] }: { CommonPrefixes?: Array<{ Prefix?: string }> }): string[] {
  return CommonPrefixes.map(({ Prefix }) => decode(Prefix));
}

function listed(entry: {
  Key?: string;
  Size?: number;
  LastModified?: Date;
  ETag?: string;
  StorageClass?: string;
}): ObjectListed {
  return {
    object: decode(entry.Key),
    sizeBytes: BigInt(entry.Size ?? 0),
    lastModified: entry.LastModified ?? new Date(0),
    etag: plainEtag(entry.ETag),
    storageClass: entry.StorageClass ?? "STANDARD",
  };
}

/** Where to go on comes from addresses, which people change: a place that the engine does not know is not there. */
async function unlessMarkerUnknown<T>(call: Call, after: unknown, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    const refused = error instanceof StorageError && error.engineCode === "InvalidArgument";
    if (after === undefined || !refused) throw error;
    throw new StorageError("not-found", {
      operation: call.operation,
      status: error.status,
      engineCode: error.engineCode,
      requestId: error.requestId,
    });
  }
}
