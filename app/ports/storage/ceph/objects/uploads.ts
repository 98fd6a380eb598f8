import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { BucketInputBy, UploadInput } from "../../objects.ts";
import { isStorageError } from "../answers.ts";
import type { Call } from "../call.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { listParts } from "./listing.ts";
import { objectParameters, plainEtag, uploadParameters } from "./names.ts";
import { headObject } from "./reading.ts";

/** A part that the engine has. */
export interface StoredPart {
  partNumber: number;
  etag: string;
}

export async function createUpload(
  config: EngineConfig,
  call: Call,
  input: BucketInputBy & {
    object: string;
    contentType?: string;
    metadata?: Record<string, string>;
    /** Further properties of the object, as the SDK calls them. */
    properties?: Record<string, unknown>;
  },
): Promise<{ uploadId: string }> {
  const command = new CreateMultipartUploadCommand({
    ...input.properties,
    ...objectParameters({ bucket: input.bucket, object: input.object }),
    ContentType: input.contentType ?? "application/octet-stream",
    ...(input.metadata ? { Metadata: input.metadata } : {}),
  });
  const { UploadId } = await sendS3(config, call, "change", input.key, (client, options) =>
    client.send(command, options),
  );
  if (!UploadId)
    throw new StorageError("unexpected", { operation: call.operation, engineCode: "NoUploadId" });
  return { uploadId: UploadId };
}

export async function uploadPart(
  config: EngineConfig,
  call: Call,
  input: UploadInput & { partNumber: number; body: Uint8Array },
): Promise<StoredPart> {
  const { partNumber, body } = input;
  const command = new UploadPartCommand({ ...uploadParameters(input), PartNumber: partNumber, Body: body });
  const { ETag } = await sendS3(config, call, "change", input.key, (client, options) =>
    client.send(command, options),
  );
  return { partNumber, etag: plainEtag(ETag) };
}

export async function completeUpload(
  config: EngineConfig,
  call: Call,
  input: UploadInput & { ifAbsent?: boolean },
): Promise<{ versionId: string | null }> {
  const parts: StoredPart[] = [];
  let after: number | null = null;
  do {
    const page = await listParts(config, call, { ...input, ...(after === null ? {} : { after }) });
    parts.push(...page.parts);
    after = page.next;
  } while (after !== null);
  return completeWith(config, call, { ...input, parts });
}

/** Completes an upload of the parts given, which are all there. */
export async function completeWith(
  config: EngineConfig,
  call: Call,
  input: UploadInput & { parts: readonly StoredPart[]; ifAbsent?: boolean },
): Promise<{ versionId: string | null }> {
  if (input.ifAbsent) await requireAbsent(config, call, input);
  const parts = input.parts.toSorted((a, b) => a.partNumber - b.partNumber);
  const command = new CompleteMultipartUploadCommand({
    ...uploadParameters(input),
    MultipartUpload: {
      Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: `"${etag}"` })),
    },
    ...(input.ifAbsent ? { IfNoneMatch: "*" } : {}),
  });
  try {
    const { VersionId } = await sendS3(config, call, "change", input.key, (client, options) =>
      client.send(command, options),
    );
    return { versionId: VersionId ?? null };
  } catch (error) {
    // The upload is gone: aborted, or completed by a first attempt whose answer was lost.
    const completed = isStorageError(error, "not-found") && (await findCompleted(config, call, input, parts));
    if (completed) return completed;
    throw error;
  }
}

/** The engine is told as well, and one that keeps to it leaves no moment in between: see `PutObjectInput`. */
async function requireAbsent(config: EngineConfig, call: Call, input: UploadInput): Promise<void> {
  if (await findCurrent(config, call, input)) {
    throw new StorageError("already-exists", { operation: call.operation });
  }
}

/** The object that these parts were made into, if it is the current one. */
async function findCompleted(
  config: EngineConfig,
  call: Call,
  input: UploadInput,
  parts: readonly StoredPart[],
): Promise<{ versionId: string | null } | null> {
  const digests = Buffer.from(parts.map(({ etag }) => etag).join(""), "hex");
  const etag = `${createHash("md5").update(digests).digest("hex")}-${parts.length}`;
  const current = await findCurrent(config, call, input);
  return current?.etag === etag ? { versionId: current.versionId } : null;
}

async function findCurrent(
  config: EngineConfig,
  call: Call,
  { key, bucket, object }: UploadInput,
): Promise<{ etag: string; versionId: string | null } | null> {
  try {
    return await headObject(config, call, { key, bucket, object });
  } catch (error) {
    if (isStorageError(error, "not-found")) return null;
    throw error;
  }
}

export async function abortUpload(config: EngineConfig, call: Call, input: UploadInput): Promise<void> {
  const command = new AbortMultipartUploadCommand(uploadParameters(input));
  try {
    await sendS3(config, call, "change", input.key, (client, options) => client.send(command, options));
  } catch (error) {
    if (!isStorageError(error, "not-found")) throw error;
  }
}
