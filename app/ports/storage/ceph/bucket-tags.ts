import {
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import type { BucketInput, Tag } from "../driver.ts";
import { unlessAbsent } from "./answers.ts";
import type { Call } from "./call.ts";
import { checkedBucket } from "./names.ts";
import { sendS3 } from "./s3-client.ts";
import type { EngineConfig } from "./signed-request.ts";

export async function getBucketTags(config: EngineConfig, call: Call, input: BucketInput): Promise<Tag[]> {
  const command = new GetBucketTaggingCommand({ Bucket: checkedBucket(input.bucket) });
  const answer = await unlessAbsent(
    "NoSuchTagSet",
    sendS3(config, call, "read", input.managementKey, (client, options) => client.send(command, options)),
  );
  return (answer?.TagSet ?? [])
    .map(({ Key, Value }) => ({ key: Key ?? "", value: Value ?? "" }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

export async function setBucketTags(
  config: EngineConfig,
  call: Call,
  input: BucketInput & { tags: readonly Tag[] },
): Promise<void> {
  if (input.tags.length === 0) return deleteBucketTags(config, call, input);
  const command = new PutBucketTaggingCommand({
    Bucket: checkedBucket(input.bucket),
    Tagging: { TagSet: input.tags.map(({ key, value }) => ({ Key: key, Value: value })) },
  });
  await sendS3(config, call, "change", input.managementKey, (client, options) =>
    client.send(command, options),
  );
}

export async function deleteBucketTags(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new DeleteBucketTaggingCommand({ Bucket: checkedBucket(input.bucket) });
  await unlessAbsent(
    "NoSuchTagSet",
    sendS3(config, call, "change", input.managementKey, (client, options) => client.send(command, options)),
  );
}
