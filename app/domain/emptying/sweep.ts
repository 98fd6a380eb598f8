import type { AccessKeyPair, VersionListed } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";

/** How much is asked of the engine at once; tests make it small. */
export interface SweepLimits {
  /** Entries of a page of a listing. */
  pageSize: number;
  /** Objects of one deletion: gateways delete them one after the other, within one request's time. */
  batchSize: number;
  /** Deletions on their way at once. */
  batchesAtOnce: number;
}

export const sweepLimits: SweepLimits = { pageSize: 1_000, batchSize: 250, batchesAtOnce: 4 };

/** Where, and the pair that signs. */
export interface Place {
  key: AccessKeyPair;
  bucket: string;
}

/** What was removed, and what was not. */
export interface Removed {
  versions: number;
  markers: number;
  uploads: number;
  bytes: bigint;
  refused: number;
  /** The engine's word for why, of the last that it refused. */
  refusal: string | null;
}

export function nothing(): Removed {
  return { versions: 0, markers: 0, uploads: 0, bytes: 0n, refused: 0, refusal: null };
}

/** What was removed after `before` was noted. */
export function difference(now: Removed, before: Removed): Removed {
  return {
    versions: now.versions - before.versions,
    markers: now.markers - before.markers,
    uploads: now.uploads - before.uploads,
    bytes: now.bytes - before.bytes,
    refused: now.refused - before.refused,
    refusal: now.refusal,
  };
}

/**
 * Goes once through all that a bucket holds (open uploads, then versions and delete markers) and removes it, some at a
 * time. What is not let go stays where it is, and the way goes on after it: one sweep always ends. Holds a page of the
 * listing in memory; the next one is asked for when nothing is on its way any more, or it could list that again.
 *
 * @param removed is added to
 * @yields each time that something was removed: the place to write that down, or to stop
 */
export async function* sweep(place: Place, removed: Removed, limits = sweepLimits): AsyncGenerator<void> {
  yield* sweepUploads(place, removed, limits);
  yield* sweepVersions(place, removed, limits);
}

async function* sweepVersions(place: Place, removed: Removed, limits: SweepLimits): AsyncGenerator<void> {
  for await (const page of pagesOfVersions(place, limits.pageSize)) {
    const batches = inBatches(page, limits.batchSize);
    for (const some of inBatches(batches, limits.batchesAtOnce)) {
      await all(some.map((batch) => deleteBatch(place, batch, removed)));
      yield;
    }
  }
}

async function* pagesOfVersions(place: Place, limit: number): AsyncGenerator<VersionListed[]> {
  type Page = Awaited<ReturnType<typeof storage.listVersions>>;
  let after: Page["next"] = null;
  do {
    const page: Page = await storage.listVersions({ ...place, limit, ...(after ? { after } : {}) });
    yield page.versions;
    after = page.next;
  } while (after);
}

async function deleteBatch(place: Place, batch: VersionListed[], removed: Removed): Promise<void> {
  const { failed } = await storage.deleteObjects({ ...place, objects: batch });
  const nameOf = (name: { object: string; versionId?: string | null }) => `${name.versionId} ${name.object}`;
  const refused = new Set(failed.map(nameOf));
  for (const version of batch) {
    if (refused.has(nameOf(version))) continue;
    removed[version.isDeleteMarker ? "markers" : "versions"] += 1;
    removed.bytes += version.sizeBytes;
  }
  removed.refused += failed.length;
  removed.refusal = failed.at(-1)?.engineCode ?? removed.refusal;
}

async function* sweepUploads(place: Place, removed: Removed, limits: SweepLimits): AsyncGenerator<void> {
  type Page = Awaited<ReturnType<typeof storage.listUploads>>;
  let after: Page["next"] = null;
  do {
    const page: Page = await storage.listUploads({
      ...place,
      limit: limits.pageSize,
      ...(after ? { after } : {}),
    });
    for (const some of inBatches(page.uploads, limits.batchesAtOnce)) {
      await all(
        some.map(async (upload) => {
          await storage.abortUpload({ ...place, ...upload });
          removed.uploads += 1;
        }),
      );
      yield;
    }
    after = page.next;
  } while (after);
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}

/** Waits for all, also where one failed: what the others removed counts. */
async function all(deletions: Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(deletions);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
