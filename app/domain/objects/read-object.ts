import {
  type AccessKeyPair,
  type ObjectDetails,
  PAGE_DEADLINE_MS,
  type Tag,
  type VersionListed,
} from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { readObjectKey } from "../accounts/object-key.ts";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";

export interface ObjectAddress {
  bucketId: string;
  key: string;
  /** Of one version; the current one where it is not given. */
  versionId?: string | undefined;
}

export interface ObjectFound {
  bucket: string;
  /** Null for a delete marker, and where the engine did not say. */
  details: ObjectDetails | null;
  /** Null where the engine did not say. */
  tags: Tag[] | null;
  /** What the list says of the version shown; null where it is not in this page of them. */
  shown: VersionListed | null;
  /** Newest first; null where the engine did not say. */
  versions: VersionListed[] | null;
  /** Id of the version after which older ones follow; null where there are none. */
  older: string | null;
  /** Why details are missing; null where they are not, and for a delete marker. */
  problem: "unavailable" | "at-rest" | "refused" | null;
}

const versionsShown = 100;
const deadline = { deadlineMs: PAGE_DEADLINE_MS };

/**
 * An object, or one version of it, with its versions: three calls to the engine at once, each of which may fail alone.
 * Throws `not-found` where it has neither a version nor a delete marker.
 *
 * @param after id of the version after which the list of versions goes on
 */
export async function readObject(
  context: Context,
  { bucketId, key, versionId }: ObjectAddress,
  after: string | null = null,
): Promise<ObjectFound> {
  const accountId = authorizeInAccount(context, "objects:read");
  const { name: bucket } = await getActiveBucket(accountId, bucketId);
  const place = { bucket, object: key, ...(versionId ? { versionId } : {}) };
  const pair = readObjectKey(accountId);
  const [details, tags, listed] = await Promise.all([
    attempt(async () => storage.headObject({ ...place, key: await pair }, deadline)),
    attempt(async () => storage.getObjectTags({ ...place, key: await pair }, deadline)),
    attempt(async () =>
      listVersionsOf({ key: await readManagementKey(accountId), bucket, object: key, after }),
    ),
  ]);
  // What the object key signs is denied while the account is at rest.
  const isLocked = details.problem === "refused" && context.access.accountState !== "active";
  const { versions, older } = listed.value ?? { versions: null, older: null };
  const shown = versions?.find((version) => (versionId ? version.versionId === versionId : version.isLatest));
  if (details.problem === "not-found" && !shown?.isDeleteMarker) throw new DomainError("not-found");
  return {
    bucket,
    details: details.value,
    tags: tags.value,
    shown: shown ?? null,
    versions,
    older,
    problem: isLocked ? "at-rest" : details.problem === "not-found" ? null : details.problem,
  };
}

/** Whether anything is left of an object: a version or a delete marker. Null where the engine does not say. */
export async function hasVersions(
  context: Context,
  { bucketId, key }: ObjectAddress,
): Promise<boolean | null> {
  const accountId = authorizeInAccount(context, "objects:read");
  const { name: bucket } = await getActiveBucket(accountId, bucketId);
  const { value } = await attempt(async () =>
    listVersionsOf({ key: await readManagementKey(accountId), bucket, object: key, after: null, limit: 1 }),
  );
  return value && value.versions.length > 0;
}

/** Of this name alone: in the order of names it stands before all others that begin with it. */
export async function listVersionsOf(input: {
  key: AccessKeyPair;
  bucket: string;
  object: string;
  after: string | null;
  limit?: number;
}): Promise<{ versions: VersionListed[]; older: string | null }> {
  const { key, bucket, object, after, limit = versionsShown } = input;
  const { versions, next } = await storage.listVersions(
    { key, bucket, prefix: object, limit, ...(after ? { after: { object, versionId: after } } : {}) },
    deadline,
  );
  return {
    versions: versions.filter((version) => version.object === object),
    older: next?.object === object ? next.versionId : null,
  };
}

type Attempt<Value> =
  | { value: Value; problem: null }
  | { value: null; problem: "unavailable" | "not-found" | "at-rest" | "refused" };

async function attempt<Value>(read: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await read(), problem: null };
  } catch (error) {
    return { value: null, problem: problemOf(error) };
  }
}

function problemOf(error: unknown) {
  if (error instanceof DomainError && error.code === "account-not-active") return "at-rest";
  if (!(error instanceof StorageError)) throw error;
  if (error.code === "unavailable" || error.code === "not-found") return error.code;
  return "refused";
}
