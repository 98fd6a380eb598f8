import { DeleteObjectCommand, DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { BucketInputBy, ObjectName } from "../../objects.ts";
import { isStorageError } from "../answers.ts";
import type { Call } from "../call.ts";
import { checkedBucket } from "../names.ts";
import { sendS3 } from "../s3-client.ts";
import type { EngineConfig } from "../signed-request.ts";
import { checkedObject, objectParameters } from "./names.ts";

/** S3's limit. */
const MAX_OBJECTS = 1_000;
/** How many are deleted at once of those that go one by one. */
const SINGLES_AT_ONCE = 8;

type Failed = ObjectName & { engineCode: string };

export async function deleteObjects(
  config: EngineConfig,
  call: Call,
  input: BucketInputBy & { objects: readonly ObjectName[] },
): Promise<{ failed: Failed[] }> {
  if (input.objects.length > MAX_OBJECTS) throw new TypeError(`At most ${MAX_OBJECTS} objects at a time`);
  const { fitsXml = [], others = [] } = Object.groupBy(input.objects, ({ object }) =>
    isXmlText(checkedObject(object)) ? "fitsXml" : "others",
  );
  const failed = await deleteTogether(config, call, input, fitsXml);
  for (let at = 0; at < others.length; at += SINGLES_AT_ONCE) {
    const singles = others.slice(at, at + SINGLES_AT_ONCE);
    const outcomes = await Promise.all(singles.map((name) => deleteOne(config, call, input, name)));
    failed.push(...outcomes.flatMap((outcome) => outcome ?? []));
  }
  return { failed };
}

/**
 * Whether an XML document can say it: of control characters it holds tab, line feed and carriage return alone, and
 * two code points of no character not at all. Such keys would come out as others, or refuse the whole request.
 */
function isXmlText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}

async function deleteTogether(
  config: EngineConfig,
  call: Call,
  { key, bucket }: BucketInputBy,
  objects: readonly ObjectName[],
): Promise<Failed[]> {
  if (objects.length === 0) return [];
  const command = new DeleteObjectsCommand({
    Bucket: checkedBucket(bucket),
    Delete: {
      Quiet: true,
      Objects: objects.map(({ object, versionId }) => ({
        Key: object,
        ...(versionId ? { VersionId: versionId } : {}),
      })),
    },
  });
  const { Errors = [] } = await sendS3(config, call, "change", key, (client, options) =>
    client.send(command, options),
  );
  return Errors.filter(({ Code }) => !isGone(Code)).map(({ Key, VersionId, Code }) => ({
    object: Key ?? "",
    versionId: VersionId || null,
    engineCode: Code ?? "Unknown",
  }));
}

async function deleteOne(
  config: EngineConfig,
  call: Call,
  { key, bucket }: BucketInputBy,
  { object, versionId = null }: ObjectName,
): Promise<Failed | undefined> {
  const command = new DeleteObjectCommand(objectParameters({ bucket, object, versionId }));
  try {
    await sendS3(config, call, "change", key, (client, options) => client.send(command, options));
    return undefined;
  } catch (error) {
    if (!(error instanceof StorageError) || error.retryable) throw error;
    if (isStorageError(error, "not-found") && error.engineCode === "NoSuchBucket") throw error;
    return isGone(error.engineCode)
      ? undefined
      : { object, versionId, engineCode: error.engineCode ?? error.code };
  }
}

function isGone(engineCode: string | undefined): boolean {
  return engineCode === "NoSuchKey" || engineCode === "NoSuchVersion";
}
