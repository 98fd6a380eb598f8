import { PAGE_DEADLINE_MS, type StorageCapabilities, type Versioning } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { authorizeInAccount } from "../authorization.ts";
import { atEngine, getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { canTakeAnother, type RuleShown, shownRules } from "./shown-rules.ts";

export type { RuleShown };

export interface LifecycleShown {
  bucketName: string;
  /** What the engine says; null where it did not in a page's time. */
  atEngine: LifecycleAtEngine | null;
}

export interface LifecycleAtEngine {
  engine: StorageCapabilities["engine"];
  /** The parts of a rule that it keeps; null where it has no lifecycle rules at all. */
  features: StorageCapabilities["lifecycle"];
  versioning: Versioning;
  rules: RuleShown[];
  /** Whether there may be one more, and the engine would be given all of those that are there. */
  canAdd: boolean;
}

/** A bucket's lifecycle rules, read from the engine. Throws `not-found` and `bucket-not-active`. */
export async function readLifecycle(context: Context, bucketId: string): Promise<LifecycleShown> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const bucket = await getActiveBucket(accountId, bucketId);
  return { bucketName: bucket.name, atEngine: await readAtEngine(await atEngine(bucket)) };
}

/** One rule of {@link readLifecycle}, for the pages about it. Throws `not-found` where there is none of that name. */
export async function readLifecycleRule(context: Context, bucketId: string, ruleId: string) {
  const lifecycle = await readLifecycle(context, bucketId);
  const shown = lifecycle.atEngine?.rules.find(({ rule }) => rule.id === ruleId) ?? null;
  if (lifecycle.atEngine && !shown) throw new DomainError("not-found");
  return { ...lifecycle, shown };
}

const page = { deadlineMs: PAGE_DEADLINE_MS };

async function readAtEngine(at: Awaited<ReturnType<typeof atEngine>>): Promise<LifecycleAtEngine | null> {
  try {
    const [{ engine, lifecycle: features, versioning: hasVersions }, rules, versioning] = await Promise.all([
      storage.capabilities(page),
      storage.getLifecycle(at, page),
      storage.getVersioning(at, page),
    ]);
    return {
      engine,
      features,
      versioning: hasVersions ? versioning : "unset",
      rules: shownRules(rules),
      canAdd: features !== null && canTakeAnother(rules),
    };
  } catch (error) {
    if (error instanceof StorageError) return null;
    throw error;
  }
}
