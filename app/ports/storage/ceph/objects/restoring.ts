import { CopyObjectCommand, UploadPartCopyCommand } from "@aws-sdk/client-s3";
import type { ObjectDetails, ObjectInput } from "../../objects.ts";
import type { Call } from "../call.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { objectParameters, plainEtag, uploadParameters } from "./names.ts";
import { getObjectTags, headObject } from "./reading.ts";
import { abortUpload, completeWith, createUpload, type StoredPart } from "./uploads.ts";

/** The most that CopyObject copies. */
const COPY_LIMIT_BYTES = 5n * 1_024n ** 3n;
/** Of an object of 5 TiB that is 5,120 parts. */
const PART_BYTES = 1_024n ** 3n;

type Restored = ObjectInput & { versionId: string };

export async function restoreVersion(
  config: EngineConfig,
  call: Call,
  input: Restored,
): Promise<{ versionId: string | null }> {
  // One request may take all of the call's time: engines copy while one waits.
  const patient = { ...call, changeMs: Number.POSITIVE_INFINITY };
  const details = await headObject(config, patient, input);
  if (details.sizeBytes > COPY_LIMIT_BYTES) return restoreInParts(config, patient, input, details);
  const command = new CopyObjectCommand({
    ...objectParameters({ bucket: input.bucket, object: input.object }),
    CopySource: copySource(input),
  });
  const { VersionId } = await sendS3(config, patient, "change", input.key, (client, options) =>
    client.send(command, options),
  );
  return { versionId: VersionId ?? null };
}

/** Says again what CopyObject copies by itself: type, metadata, headers, tags. */
async function restoreInParts(
  config: EngineConfig,
  call: Call,
  input: Restored,
  details: ObjectDetails,
): Promise<{ versionId: string | null }> {
  const { headers } = details;
  const tags = await getObjectTags(config, call, input);
  const { uploadId } = await createUpload(config, call, {
    ...input,
    contentType: details.contentType,
    metadata: details.metadata,
    properties: {
      CacheControl: headers["Cache-Control"],
      ContentDisposition: headers["Content-Disposition"],
      ContentEncoding: headers["Content-Encoding"],
      ContentLanguage: headers["Content-Language"],
      ...(headers.Expires ? { Expires: new Date(headers.Expires) } : {}),
      ...(tags.length > 0
        ? { Tagging: String(new URLSearchParams(tags.map(({ key, value }) => [key, value]))) }
        : {}),
    },
  });
  const upload = { key: input.key, bucket: input.bucket, object: input.object, uploadId };
  try {
    const parts: StoredPart[] = [];
    for (let from = 0n; from < details.sizeBytes; from += PART_BYTES) {
      const to = from + PART_BYTES < details.sizeBytes ? from + PART_BYTES : details.sizeBytes;
      const command = new UploadPartCopyCommand({
        ...uploadParameters(upload),
        PartNumber: parts.length + 1,
        CopySource: copySource(input),
        CopySourceRange: `bytes=${from}-${to - 1n}`,
      });
      const { CopyPartResult } = await sendS3(config, call, "change", input.key, (client, options) =>
        client.send(command, options),
      );
      parts.push({ partNumber: parts.length + 1, etag: plainEtag(CopyPartResult?.ETag) });
    }
    return await completeWith(config, call, { ...upload, parts });
  } catch (error) {
    await abortUpload(config, call, upload).catch(() => {});
    throw error;
  }
}

/**
 * Percent-encoded in the usual way, the slashes of the key alone left as they are: another way has ended the gateway's
 * process (UploadPartCopy, 16.2.15).
 */
function copySource({ bucket, object, versionId }: Restored): string {
  const key = object.split("/").map(encodeURIComponent).join("/");
  return `${bucket}/${key}?versionId=${encodeURIComponent(versionId)}`;
}
