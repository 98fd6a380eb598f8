import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { inject } from "vitest";
import type { MemberRole } from "#app/generated/prisma/enums.ts";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import { queryAsOwner } from "./database.ts";
import { startObjectStore } from "./object-store.ts";

/**
 * An object store that the application under test works with. Await it before anything of `app/` that reads
 * the settings is imported, so import that dynamically.
 */
export async function startStorage() {
  const store = await startObjectStore(inject("postgres"));
  Object.assign(process.env, {
    STORAGE_ENDPOINT: store.endpoint,
    STORAGE_PUBLIC_ENDPOINT: store.endpoint,
    STORAGE_REGION: store.region,
    STORAGE_ADMIN_ACCESS_KEY: store.adminKey.accessKeyId,
    STORAGE_ADMIN_SECRET_KEY: store.adminKey.secretAccessKey,
  });
  const { storage } = await import("#app/ports/storage/storage.server.ts");
  const { engineTenant, newManagementKey, readManagementKey } = await import(
    "#app/domain/accounts/engine-tenant.ts"
  );
  const { createBucket } = await import("#app/domain/buckets/create-bucket.ts");
  const { provisionBucket } = await import("#app/domain/buckets/provision-bucket.ts");
  const { contextOf } = await import("./contexts.ts");
  const { makeAccount, makeMember } = await import("./scenario.ts");
  const { db } = await import("#app/ports/db.server.ts");
  const { stopSending } = await import("#app/ports/jobs.server.ts");

  /** An active account with its tenant at the engine, its owner, and contexts to act in. */
  async function makeTenant() {
    const account = await makeAccount();
    const tenant = engineTenant(account.id);
    const { managementAccessKeyId, managementSecretEncrypted } = newManagementKey(account.id);
    await queryAsOwner(
      "UPDATE account SET management_access_key_id = $2, management_secret_encrypted = $3 WHERE id = $1",
      [account.id, managementAccessKeyId, managementSecretEncrypted],
    );
    const managementKey = await readManagementKey(account.id);
    const provision = (key: AccessKeyPair = managementKey) =>
      storage.provisionTenant({
        tenant,
        displayName: "Conta",
        managementKey: key,
        quota: { maxSizeBytes: null, maxObjects: null },
      });
    await provision();
    /** A new member's. */
    const memberContext = async (role: MemberRole) => {
      const { id } = await makeMember(account, role);
      return contextOf(id, account.id);
    };
    const owner = await memberContext("owner");
    /** A new bucket of the account, active. */
    const makeBucket = async (name = `balde-${randomUUID().slice(0, 8)}`) => {
      const { id } = await createBucket(owner, { name });
      await provisionBucket(id, randomUUID());
      return { id, name };
    };
    return { account, tenant, managementKey, provision, contextOf: memberContext, owner, makeBucket };
  }

  return {
    store,
    storage,
    db,
    makeTenant,
    /** An S3 client with that key. */
    client: (key: AccessKeyPair) => s3Client(store.endpoint, store.region, key),
    async stop() {
      await stopSending();
      await db.$disconnect();
      await store.stop();
    },
  };
}

/** What tests do with objects, in few words. Each call answers, or throws the SDK's error. */
function s3Client(endpoint: string, region: string, credentials: AccessKeyPair) {
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  return {
    put: (bucket: string, key: string, body = "olá") =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })),
    get: async (bucket: string, key: string) =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString(),
    list: (bucket: string) => s3.send(new ListObjectsV2Command({ Bucket: bucket })),
    remove: (bucket: string, key: string) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
  };
}

/** The HTTP status of a refusal. */
export async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return 200;
  } catch (error) {
    return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  }
}
