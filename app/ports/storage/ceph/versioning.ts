import { GetBucketVersioningCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import type { BucketInput, Versioning } from "../driver.ts";
import type { Call } from "./call.ts";
import { checkedBucket } from "./names.ts";
import { sendS3 } from "./s3-client.ts";
import type { EngineConfig } from "./signed-request.ts";

export async function getVersioning(
  config: EngineConfig,
  call: Call,
  input: BucketInput,
): Promise<Versioning> {
  const command = new GetBucketVersioningCommand({ Bucket: checkedBucket(input.bucket) });
  const { Status } = await sendS3(config, call, "read", input.managementKey, (client, options) =>
    client.send(command, options),
  );
  if (Status === "Enabled") return "enabled";
  return Status === "Suspended" ? "suspended" : "unset";
}

export async function setVersioning(
  config: EngineConfig,
  call: Call,
  input: BucketInput & { versioning: Exclude<Versioning, "unset"> },
): Promise<void> {
  const command = new PutBucketVersioningCommand({
    Bucket: checkedBucket(input.bucket),
    VersioningConfiguration: { Status: input.versioning === "enabled" ? "Enabled" : "Suspended" },
  });
  await sendS3(config, call, "change", input.managementKey, (client, options) =>
    client.send(command, options),
  );
}
