import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule as S3Rule,
} from "@aws-sdk/client-s3";
import type { BucketInput, LifecycleRule } from "../driver.ts";
import { StorageError } from "../errors.ts";
import { unlessAbsent } from "./answers.ts";
import type { Call } from "./call.ts";
import { keepWhole } from "./keep-whole.ts";
import { fromS3, lostOf, toS3 } from "./lifecycle-rules.ts";
import { checkedBucket } from "./names.ts";
import { sendS3 } from "./s3-client.ts";
import type { EngineConfig } from "./signed-request.ts";

export async function getLifecycle(
  config: EngineConfig,
  call: Call,
  input: BucketInput,
): Promise<LifecycleRule[]> {
  return (await readRules(config, call, input)).map(fromS3);
}

/**
 * Ceph 16.2 drops conditions without a word, and a rule without its condition expires more than was meant
 * (`ObjectSizeGreaterThan` becomes "everything"). So the rules are first put disabled and read back: a mangled rule
 * is never in force, not even when this process dies in the middle.
 */
export async function setLifecycle(
  config: EngineConfig,
  call: Call,
  input: BucketInput & { rules: readonly LifecycleRule[] },
): Promise<void> {
  if (input.rules.length === 0) return deleteLifecycle(config, call, input);
  const foreign = input.rules.flatMap(({ unknown = [] }) => unknown)[0];
  if (foreign) throw new StorageError("unsupported", { operation: call.operation, engineCode: foreign });

  const before = await readRules(config, call, input);
  const putBack = () => writeRules(config, call, input, before);
  const harmless = input.rules.map((rule) => ({ ...rule, enabled: false }));
  await writeRules(config, call, input, harmless.map(toS3));
  await keepWhole(call, lostOf(harmless, await getLifecycle(config, call, input)), putBack);
  await writeRules(config, call, input, input.rules.map(toS3));
  await keepWhole(call, lostOf(input.rules, await getLifecycle(config, call, input)), putBack);
}

export async function deleteLifecycle(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new DeleteBucketLifecycleCommand({ Bucket: checkedBucket(input.bucket) });
  await unlessAbsent(
    "NoSuchLifecycleConfiguration",
    sendS3(config, call, "change", input.managementKey, (client, options) => client.send(command, options)),
  );
}

async function readRules(config: EngineConfig, call: Call, input: BucketInput): Promise<S3Rule[]> {
  const command = new GetBucketLifecycleConfigurationCommand({ Bucket: checkedBucket(input.bucket) });
  const answer = await unlessAbsent(
    "NoSuchLifecycleConfiguration",
    sendS3(config, call, "read", input.managementKey, (client, options) => client.send(command, options)),
  );
  return answer?.Rules ?? [];
}

/** Rules as the engine gave them or as we made them; none removes the configuration. */
async function writeRules(
  config: EngineConfig,
  call: Call,
  input: BucketInput,
  rules: S3Rule[],
): Promise<void> {
  if (rules.length === 0) return deleteLifecycle(config, call, input);
  const command = new PutBucketLifecycleConfigurationCommand({
    Bucket: checkedBucket(input.bucket),
    LifecycleConfiguration: { Rules: rules },
  });
  await sendS3(config, call, "change", input.managementKey, (client, options) =>
    client.send(command, options),
  );
}
