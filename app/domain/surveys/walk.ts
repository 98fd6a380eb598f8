import type { Tag, UploadPage, VersionListed, VersionPage } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import type { BucketInputBy } from "#app/ports/storage/objects.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import type { SurveyBound } from "./states.ts";
import { closeKey, type Tally, type Trial, tallyUpload, tallyVersion } from "./tally.ts";

/** Where a walk ends that does not come to the end of its bucket, and its steps. */
export interface Limits {
  entries: bigint;
  /** Of work; waiting for an engine that is away does not count. */
  ms: number;
  /** Objects whose tags are looked up, each a request. */
  tagLookups: number;
  /** Versions in a page. */
  pageSize: number;
  /** How often what was counted is written down: what a killed worker has to do again. */
  savedEveryMs: number;
}

export const surveyLimits: Limits = {
  entries: 2_000_000n,
  ms: 15 * 60_000,
  tagLookups: 10_000,
  // The most that S3 gives at once.
  pageSize: 1_000,
  savedEveryMs: 1_000,
};

/** How far a walk is. Uploads come first: there are few of them, and a walk that ends early has them all. */
export interface Place {
  phase: "uploads" | "versions";
  after: { object: string; id: string | null } | null;
  workedMs: number;
  tagLookups: number;
}

export const firstPlace: Place = { phase: "uploads", after: null, workedMs: 0, tagLookups: 0 };

export interface Progress {
  tally: Tally;
  place: Place;
}

/** Each of them is a request for its parts. */
const uploadsAtOnce = 100;
const requestsAtOnce = 8;

/**
 * Counts what is in a bucket, page by page, into `progress`, which is whole whenever this yields: it may be kept then,
 * and gone on with by another process. Returns at the end of the bucket, or at a bound, which `counts.bound` then says.
 *
 * Throws StorageError.
 */
export async function* walk(
  where: BucketInputBy,
  progress: Progress,
  trial: Trial | null,
  limits: Limits,
): AsyncGenerator<void> {
  const { place, tally } = progress;
  const startedAt = performance.now() - place.workedMs;
  for (let more = true; more; ) {
    const bound = boundOf(tally.counts.entries, place.workedMs, limits);
    if (bound) {
      tally.counts.bound = bound;
      return;
    }
    more = await nextPage(where, progress, trial, limits);
    place.workedMs = Math.round(performance.now() - startedAt);
    yield;
  }
}

function boundOf(entries: bigint, workedMs: number, limits: Limits): SurveyBound | null {
  if (entries >= limits.entries) return "entries";
  return workedMs >= limits.ms ? "time" : null;
}

/** @returns whether there is another page */
async function nextPage(
  where: BucketInputBy,
  progress: Progress,
  trial: Trial | null,
  limits: Limits,
): Promise<boolean> {
  const { place, tally } = progress;
  if (place.phase === "uploads") {
    place.after = await uploadsPage(where, progress, trial);
    if (!place.after) place.phase = "versions";
    return true;
  }
  place.after = await versionsPage(where, progress, trial, limits);
  if (!place.after) closeKey(tally, trialOf(progress, trial));
  return place.after !== null;
}

async function uploadsPage(
  where: BucketInputBy,
  { place: { after }, tally }: Progress,
  trial: Trial | null,
): Promise<Place["after"]> {
  const page = await orAfterKey(after, (from) =>
    storage.listUploads({
      ...where,
      prefix: tally.counts.prefix,
      limit: uploadsAtOnce,
      ...(from ? { after: { object: from.object, uploadId: from.id } } : {}),
    }),
  );
  const parts = await inBatches(page.uploads, (upload) => readParts(where, upload));
  for (const [index, upload] of page.uploads.entries()) {
    const found = parts[index];
    if (found) tallyUpload(tally, upload, found, trial);
  }
  return page.next && { object: page.next.object, id: page.next.uploadId };
}

/** Null for an upload that was completed or aborted meanwhile. */
async function readParts(where: BucketInputBy, { object, uploadId }: UploadPage["uploads"][number]) {
  const found = { count: 0n, bytes: 0n };
  try {
    for (let after: number | null = 0; after !== null; ) {
      const page = await storage.listParts({ ...where, object, uploadId, after });
      for (const { sizeBytes } of page.parts) {
        found.count += 1n;
        found.bytes += sizeBytes;
      }
      after = page.next;
    }
    return found;
  } catch (error) {
    return orGone(error);
  }
}

async function versionsPage(
  where: BucketInputBy,
  progress: Progress,
  trial: Trial | null,
  limits: Limits,
): Promise<Place["after"]> {
  const { place, tally } = progress;
  const page: VersionPage = await orAfterKey(place.after, (from) =>
    storage.listVersions({
      ...where,
      prefix: tally.counts.prefix,
      limit: limits.pageSize,
      ...(from ? { after: { object: from.object, versionId: from.id } } : {}),
    }),
  );
  const tags = await readTags(where, page.versions, progress, trialOf(progress, trial), limits);
  const tried = trialOf(progress, trial);
  for (const version of page.versions) tallyVersion(tally, version, tried, tags.get(version) ?? null);
  return page.next && { object: page.next.object, id: page.next.versionId };
}

/** Once no more tags are looked up, the rule's counts stay as they are. */
function trialOf({ tally }: Progress, trial: Trial | null): Trial | null {
  return tally.counts.bound === "tags" ? null : trial;
}

/**
 * The tags of what the rule is about but for them. Each is a request, so that there is an end to it: then nothing more
 * is said of the rule, from this page on.
 */
async function readTags(
  where: BucketInputBy,
  versions: readonly VersionListed[],
  { place, tally }: Progress,
  trial: Trial | null,
  limits: Limits,
): Promise<Map<VersionListed, Tag[]>> {
  const wanted = trial?.rule.filter.tags ?? [];
  if (!trial || wanted.length === 0) return new Map();
  const untagged: Trial = { ...trial, rule: { ...trial.rule, filter: { ...trial.rule.filter, tags: [] } } };
  // As if all of them had the tags: counted on a copy, since only what follows from them is of interest.
  const copy = structuredClone(tally);
  const due = versions.filter(
    (version) => tallyVersion(copy, version, untagged, null) && !version.isDeleteMarker,
  );
  if (place.tagLookups + due.length > limits.tagLookups) {
    tally.counts.bound = "tags";
    return new Map();
  }
  place.tagLookups += due.length;
  const tags = await inBatches(due, ({ object, versionId }) =>
    storage.getObjectTags({ ...where, object, versionId }).catch(orGone),
  );
  return new Map(due.flatMap((version, index) => (tags[index] ? [[version, tags[index]]] : [])));
}

/**
 * A page after a version or upload that somebody has removed meanwhile: some engines know no place that is not there.
 * The next key is always one; what the lost one has besides goes uncounted.
 */
async function orAfterKey<T>(after: Place["after"], list: (after: Place["after"]) => Promise<T>): Promise<T> {
  try {
    return await list(after);
  } catch (error) {
    if (!after?.id || !(error instanceof StorageError) || error.code !== "not-found") throw error;
    return list({ ...after, id: null });
  }
}

function orGone(error: unknown): null {
  if (error instanceof StorageError && error.code === "not-found") return null;
  throw error;
}

async function inBatches<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < items.length; at += requestsAtOnce)
    answers.push(...(await Promise.all(items.slice(at, at + requestsAtOnce).map(ask))));
  return answers;
}
