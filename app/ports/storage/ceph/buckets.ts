import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import type { AccessKeyPair, BucketInput } from "../driver.ts";
import { isStorageError } from "./answers.ts";
import type { Call } from "./call.ts";
import { checkedBucket } from "./names.ts";
import { sendS3 } from "./s3-client.ts";
import type { EngineConfig } from "./signed-request.ts";

export async function createBucket(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new CreateBucketCommand({ Bucket: checkedBucket(input.bucket) });
  // Outside us-east-1 the SDK asks for a location, which the gateway compares with the name of its zone group
  // and not with the region that clients sign for. Without one the bucket goes where the gateway puts it.
  command.middlewareStack.add((next) => (args) => next({ ...args, input: { Bucket: args.input.Bucket } }), {
    step: "initialize",
    priority: "low",
    name: "noLocationConstraint",
  });
  try {
    await sendS3(config, call, "change", input.managementKey, (client, options) =>
      client.send(command, options),
    );
  } catch (error) {
    const ours = isStorageError(error, "unexpected") && error.engineCode === "BucketAlreadyOwnedByYou";
    if (!ours) throw error;
  }
  await blockPublicAccess(config, call, input);
}

/**
 * Keys may write objects, and with one header S3 lets a writer make an object public. What is public is the
 * account's decision, so the bucket ignores that.
 */
async function blockPublicAccess(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new PutPublicAccessBlockCommand({
    Bucket: input.bucket,
    PublicAccessBlockConfiguration: {
      IgnorePublicAcls: true,
      // Ceph 16.2.15 refuses every upload to a bucket with this one.
      BlockPublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    },
  });
  try {
    await sendS3(config, call, "change", input.managementKey, (client, options) =>
      client.send(command, options),
    );
  } catch (error) {
    // An engine without this setting is one without public access: the embedded store.
    if (!isStorageError(error, "unsupported")) throw error;
  }
}

export async function deleteBucket(config: EngineConfig, call: Call, input: BucketInput): Promise<void> {
  const command = new DeleteBucketCommand({ Bucket: checkedBucket(input.bucket) });
  try {
    await sendS3(config, call, "change", input.managementKey, (client, options) =>
      client.send(command, options),
    );
  } catch (error) {
    if (!isStorageError(error, "not-found")) throw error;
  }
}

export async function headBucket(config: EngineConfig, call: Call, input: BucketInput): Promise<boolean> {
  const command = new HeadBucketCommand({ Bucket: checkedBucket(input.bucket) });
  try {
    await sendS3(config, call, "read", input.managementKey, (client, options) =>
      client.send(command, options),
    );
    return true;
  } catch (error) {
    if (isStorageError(error, "not-found")) return false;
    throw error;
  }
}

export async function listBuckets(
  config: EngineConfig,
  call: Call,
  { managementKey }: { managementKey: AccessKeyPair },
): Promise<Array<{ name: string; createdAt: Date }>> {
  const buckets: Array<{ name: string; createdAt: Date }> = [];
  let token: string | undefined;
  do {
    const command = new ListBucketsCommand(token === undefined ? {} : { ContinuationToken: token });
    const page = await sendS3(config, call, "read", managementKey, (client, options) =>
      client.send(command, options),
    );
    for (const { Name, CreationDate } of page.Buckets ?? []) {
      if (Name !== undefined) buckets.push({ name: Name, createdAt: CreationDate ?? new Date(0) });
    }
    token = page.ContinuationToken;
  } while (token);
  return buckets.sort((a, b) => (a.name < b.name ? -1 : 1));
}
