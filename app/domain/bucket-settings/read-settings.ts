import { PAGE_DEADLINE_MS, type StorageCapabilities } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import { atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import { findBucketSize } from "../buckets/read-buckets.ts";
import type { Context } from "../context.ts";
import { letsUsIn } from "./direct-uploads.ts";

export type { CorsRule } from "#app/ports/storage/driver.ts";

/** What the engine says of one setting: its value; that it cannot do that; or nothing, as it did not answer. */
export type Setting<Value> =
  | { standing: "known"; value: Value }
  | { standing: "unsupported" }
  | { standing: "unknown" };

/**
 * All settings of a bucket, read from the engine at once; each may be unknown by itself. Throws `not-found` and
 * `bucket-not-active`.
 */
export async function readBucketSettings(context: Context, bucketId: string) {
  const { name, ask } = await settingsOf(context, bucketId);
  const [versioning, lifecycle, cors, tags, quota, size] = await Promise.all([
    ask(...questions.versioning),
    ask(...questions.lifecycle),
    ask(...questions.cors),
    ask(...questions.tags),
    ask(...questions.quota),
    findBucketSize(context, name),
  ]);
  return {
    name,
    versioning,
    lifecycle: mapped(lifecycle, (rules) => rules.map(({ id, enabled }) => ({ id, enabled }))),
    cors: mapped(cors, (rules) => ({
      rules: rules.length,
      origins: [...new Set(rules.flatMap(({ allowedOrigins }) => allowedOrigins))],
    })),
    directUploads: mapped(cors, letsUsIn),
    tags,
    quota,
    size,
  };
}

/** Whether the bucket keeps versions. */
export async function readVersioning(context: Context, bucketId: string) {
  const { name, ask } = await settingsOf(context, bucketId);
  return { name, versioning: await ask(...questions.versioning) };
}

/** The bucket's rules for requests from other sites, in order. */
export async function readCors(context: Context, bucketId: string) {
  const { name, ask } = await settingsOf(context, bucketId);
  return { name, cors: await ask(...questions.cors) };
}

/** The bucket's tags, by key. */
export async function readTags(context: Context, bucketId: string) {
  const { name, ask } = await settingsOf(context, bucketId);
  return { name, tags: await ask(...questions.tags) };
}

/** The bucket's own quota, what is used of it, and how the engine keeps quotas where it says so. */
export async function readBucketQuota(context: Context, bucketId: string) {
  const { name, ask } = await settingsOf(context, bucketId);
  const [quota, size, engine] = await Promise.all([
    ask(...questions.quota),
    findBucketSize(context, name),
    findCapabilities(),
  ]);
  return {
    name,
    quota,
    size,
    stepBytes: engine?.bucketQuota?.sizeStepBytes ?? null,
    isSoft: engine?.quotaEnforcement === "soft",
  };
}

type AtEngine = Awaited<ReturnType<typeof atEngine>>;
type Question<Value> = [
  can: (engine: StorageCapabilities) => boolean,
  read: (at: AtEngine) => Promise<Value>,
];

const page = { deadlineMs: PAGE_DEADLINE_MS };

const questions = {
  versioning: question(
    (engine) => engine.versioning,
    (at) => storage.getVersioning(at, page),
  ),
  lifecycle: question(
    (engine) => engine.lifecycle !== null,
    (at) => storage.getLifecycle(at, page),
  ),
  cors: question(
    (engine) => engine.cors,
    (at) => storage.getCors(at, page),
  ),
  tags: question(
    (engine) => engine.bucketTags,
    (at) => storage.getBucketTags(at, page),
  ),
  quota: question(
    (engine) => engine.bucketQuota !== null,
    (at) => storage.getBucketQuota(at, page),
  ),
};

function question<Value>(...asked: Question<Value>): Question<Value> {
  return asked;
}

/** The bucket's name, and a way to ask the engine about its settings. */
async function settingsOf(context: Context, bucketId: string) {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const bucket = await getActiveBucket(accountId, bucketId);
  const at = await atEngine(bucket);

  /** The engine and what it can do are asked at once: one after the other could cost a page twice its patience. */
  async function ask<Value>(...[can, read]: Question<Value>): Promise<Setting<Value>> {
    const [engine, setting] = await Promise.all([findCapabilities(), settingOf(read(at))]);
    return engine && !can(engine) ? { standing: "unsupported" } : setting;
  }

  return { name: bucket.name, ask };
}

async function findCapabilities(): Promise<StorageCapabilities | null> {
  try {
    return await storage.capabilities(page);
  } catch (error) {
    if (error instanceof StorageError) return null;
    throw error;
  }
}

async function settingOf<Value>(reading: Promise<Value>): Promise<Setting<Value>> {
  try {
    return { standing: "known", value: await reading };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { standing: error.code === "unsupported" ? "unsupported" : "unknown" };
  }
}

function mapped<From, To>(setting: Setting<From>, to: (value: From) => To): Setting<To> {
  return setting.standing === "known" ? { standing: "known", value: to(setting.value) } : setting;
}
