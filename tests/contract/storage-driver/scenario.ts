import { randomBytes } from "node:crypto";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ServiceException,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { EngineConfig } from "#app/ports/storage/ceph/signed-request.ts";
import type { AccessKeyPair, StorageDriver, TenantQuota } from "#app/ports/storage/driver.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";

export interface TestEngine {
  /** With a region other than us-east-1, so that the suite sees what the SDK does for those. */
  config: EngineConfig;
  stop(): Promise<void>;
}

export const UNLIMITED: TenantQuota = { maxSizeBytes: null, maxObjects: null };

export type Scenario = ReturnType<typeof scenarioOn>;

/**
 * What the tests of the suite make at an engine: a tenant for each, so that none sees another's.
 *
 * @param engine and driver are asked for when a test runs: before the engine has started there are none.
 */
export function scenarioOn({ engine, driver }: { engine: () => TestEngine; driver: () => StorageDriver }) {
  async function newTenant(quota = UNLIMITED) {
    const tenant = `t${randomBytes(8).toString("hex")}`;
    const managementKey = generateAccessKey();
    await driver().provisionTenant({ tenant, displayName: "Padaria São João", managementKey, quota });
    return { tenant, managementKey, manager: client(managementKey) };
  }

  async function newTenantWithBucket(quota = UNLIMITED) {
    const owner = await newTenant(quota);
    const bucket = bucketName();
    await driver().createBucket({ managementKey: owner.managementKey, bucket });
    return { ...owner, bucket };
  }

  async function newKey(
    tenant: string,
    grant: { permission?: "read" | "read_write"; buckets?: string[] | "all"; expiresAt?: Date } = {},
  ) {
    const user = `key-${randomBytes(6).toString("hex")}`;
    const pair = generateAccessKey();
    const whole = { permission: "read_write", buckets: "all", ...grant } as const;
    await driver().createAccessKey({ tenant, user, ...pair, ...whole });
    return { user, pair, s3: client(pair) };
  }

  /** A tenant's own client: default settings, but for the address. */
  function client(credentials: AccessKeyPair): S3Client {
    const { endpoint, region } = engine().config;
    return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  }

  async function bucketNames(managementKey: AccessKeyPair): Promise<string[]> {
    return (await driver().listBuckets({ managementKey })).map((bucket) => bucket.name);
  }

  return {
    get driver() {
      return driver();
    },
    get config() {
      return engine().config;
    },
    newTenant,
    newTenantWithBucket,
    newKey,
    client,
    bucketNames,
  };
}

export function bucketName(): string {
  return `b-${randomBytes(6).toString("hex")}`;
}

export async function objectText(s3: S3Client, bucket: string, key: string): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await object.Body?.transformToString()) ?? "";
}

export async function objectKeys(s3: S3Client, bucket: string): Promise<string[]> {
  const list = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return (list.Contents ?? []).map((object) => object.Key ?? "");
}

/** How a request that must fail did. */
export async function failure(
  request: Promise<unknown>,
): Promise<{ status: number | undefined; code: string }> {
  const error = await request.then(
    () => undefined,
    (thrown: S3ServiceException) => thrown,
  );
  return { status: error?.$metadata?.httpStatusCode, code: error?.name ?? "no error" };
}

/** Waits for what an engine settles a little later: usage logs, cached statistics and quotas. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

/** Neither in what the error says of itself nor in what a logger would print of it. */
export function expectNoSecrets(error: unknown, key: AccessKeyPair): void {
  expect(error).toBeInstanceOf(Error);
  const { message, stack, cause } = error as Error;
  const printed = [message, stack, String(cause), JSON.stringify(error)].join("\n");
  expect(printed).not.toContain(key.secretAccessKey);
}
