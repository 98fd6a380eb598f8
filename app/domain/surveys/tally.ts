import type { LifecycleRule, Tag, UploadPage, VersionListed } from "#app/ports/storage/driver.ts";
import { ruleEffects } from "../lifecycle/matches.ts";
import { add, type RuleCounts, type SurveyCounts } from "./counts.ts";

/** What is counted, and what of the key at hand the next entries are judged by. It has the same size for any bucket. */
export interface Tally {
  counts: SurveyCounts;
  /** The key that was looked at last: its older versions may come yet. */
  key: KeyInProgress | null;
}

export interface KeyInProgress {
  object: string;
  /** When the version was made that was looked at last: since then the next, older one is noncurrent. */
  newerMadeAt: Date | null;
  /** Noncurrent versions and delete markers so far, all of them newer than what comes. */
  noncurrent: number;
  /** Whether the rule hides the current version by then. */
  hidden: Record<Day, boolean>;
  /** Whether it will have been one more of the noncurrent ones for at least a day by the end of the 30. */
  currentJoinsThem: boolean;
  /** The delete marker on top, until it is known what stands behind it. */
  marker: { madeAt: Date; somethingStays: Record<Day, boolean> } | null;
}

/** A rule whose effect is counted as well. */
export interface Trial {
  rule: LifecycleRule;
  now: Date;
}

type Day = "today" | "in30Days";
const days: readonly Day[] = ["today", "in30Days"];
const dayMs = 86_400_000;
/** What the second column of a preview looks ahead. */
const daysAhead = 30;

/**
 * Counts a version or a delete marker. They come as S3 lists them, key by key and newest first, which tells of each
 * since when it is noncurrent and how many newer ones there are.
 *
 * @param tags of the object, where the rule asks for some; null where nobody looked
 * @returns whether the rule does something to it within 30 days
 */
export function tallyVersion(
  tally: Tally,
  version: VersionListed,
  trial: Trial | null,
  tags: readonly Tag[] | null,
): boolean {
  const key = keyOf(tally, version.object, trial);
  const { counts } = tally;
  counts.entries += 1n;
  const isDue =
    version.isLatest && version.isDeleteMarker
      ? beginMarker(counts, key, version)
      : version.isLatest
        ? tallyCurrent(counts, key, { version, tags }, trial)
        : tallyNoncurrent(counts, key, { version, tags }, trial);
  key.newerMadeAt = version.lastModified;
  return isDue;
}

function keyOf(tally: Tally, object: string, trial: Trial | null): KeyInProgress {
  if (tally.key?.object === object) return tally.key;
  closeKey(tally, trial);
  tally.key = {
    object,
    newerMadeAt: null,
    noncurrent: 0,
    hidden: { today: false, in30Days: false },
    currentJoinsThem: false,
    marker: null,
  };
  return tally.key;
}

interface Tagged {
  version: VersionListed;
  tags: readonly Tag[] | null;
}

function beginMarker(counts: SurveyCounts, key: KeyInProgress, { lastModified }: VersionListed): boolean {
  counts.markers.count += 1n;
  key.marker = { madeAt: lastModified, somethingStays: { today: false, in30Days: false } };
  return false;
}

function tallyCurrent(
  counts: SurveyCounts,
  key: KeyInProgress,
  { version, tags }: Tagged,
  trial: Trial | null,
): boolean {
  const { object, sizeBytes, lastModified, versionId } = version;
  add(counts.current, sizeBytes);
  if (!trial || !counts.rule) return false;
  const content = { key: object, sizeBytes, tags };
  const entry = {
    ...content,
    kind: "current" as const,
    lastModified,
    // Where versioning is suspended, the marker takes the place of the version `null`.
    staysAsVersion:
      counts.versioning === "enabled" || (counts.versioning === "suspended" && versionId !== "null"),
  };
  const effectAt = (at: Date) => ruleEffects(trial.rule, entry, at);
  for (const day of days) {
    const at = timeOf(trial, day);
    const effect = effectAt(at);
    if (effect === "removes") add(counts.rule[day].objects, sizeBytes);
    if (effect !== "hides") continue;
    // Engines look once a day, so that it is hidden on the first of the days on which it is due.
    const hiddenOn = firstDay((ahead) => effectAt(daysFrom(trial.now, ahead)) === "hides");
    const hiddenAt = daysFrom(trial.now, hiddenOn);
    const asVersion = {
      ...content,
      kind: "noncurrent" as const,
      noncurrentSince: hiddenAt,
      newerNoncurrent: 0,
    };
    const isGone = ruleEffects(trial.rule, asVersion, at) === "removes";
    add(isGone ? counts.rule[day].objects : counts.rule[day].hidden, sizeBytes);
    key.hidden[day] = true;
    key.currentJoinsThem = hiddenOn < daysAhead;
  }
  return effectAt(timeOf(trial, "in30Days")) !== "keeps";
}

function tallyNoncurrent(
  counts: SurveyCounts,
  key: KeyInProgress,
  { version, tags }: Tagged,
  trial: Trial | null,
): boolean {
  const { object, sizeBytes, lastModified, isDeleteMarker } = version;
  if (isDeleteMarker) counts.markers.count += 1n;
  else add(counts.noncurrent, sizeBytes);
  const newer = key.noncurrent;
  key.noncurrent += 1;
  if (!trial || !counts.rule) return false;
  let isDue = false;
  for (const day of days) {
    const entry = {
      kind: "noncurrent" as const,
      key: object,
      sizeBytes,
      tags: isDeleteMarker ? [] : tags,
      noncurrentSince: key.newerMadeAt ?? lastModified,
      newerNoncurrent: newer + (day === "in30Days" && key.currentJoinsThem ? 1 : 0),
    };
    // Where versioning is suspended, the marker that hides the current version takes the place of the version `null`.
    const isReplaced = key.hidden[day] && counts.versioning === "suspended" && version.versionId === "null";
    if (isReplaced) key.currentJoinsThem = false;
    isDue = isReplaced || ruleEffects(trial.rule, entry, timeOf(trial, day)) === "removes";
    if (isDue) addRemoved(counts.rule[day], version);
    else if (key.marker) key.marker.somethingStays[day] = true;
  }
  return isDue;
}

function addRemoved(counts: RuleCounts, { isDeleteMarker, sizeBytes }: VersionListed): void {
  if (isDeleteMarker) counts.markers += 1n;
  else add(counts.versions, sizeBytes);
}

/** Ends the key at hand: only now it is known whether its delete marker has anything behind it. */
export function closeKey(tally: Tally, trial: Trial | null): void {
  const { counts, key } = tally;
  tally.key = null;
  if (!key?.marker) return;
  const { madeAt, somethingStays } = key.marker;
  if (key.noncurrent === 0) counts.markers.withNothingBehind += 1n;
  if (!trial || !counts.rule) return;
  for (const day of days) {
    const entry = {
      kind: "marker" as const,
      key: key.object,
      lastModified: madeAt,
      isAlone: !somethingStays[day],
    };
    if (ruleEffects(trial.rule, entry, timeOf(trial, day)) === "removes") counts.rule[day].markers += 1n;
  }
}

/** Counts an open upload with the parts that it has. */
export function tallyUpload(
  { counts }: Tally,
  { object, initiatedAt }: UploadPage["uploads"][number],
  parts: { count: bigint; bytes: bigint },
  trial: Trial | null,
): void {
  const { uploads } = counts;
  counts.entries += 1n + parts.count;
  add(uploads, parts.bytes);
  uploads.parts += parts.count;
  if (!uploads.oldestAt || initiatedAt < uploads.oldestAt) uploads.oldestAt = initiatedAt;
  if (!trial || !counts.rule) return;
  for (const day of days) {
    const entry = { kind: "upload" as const, key: object, initiatedAt };
    if (ruleEffects(trial.rule, entry, timeOf(trial, day)) === "removes")
      add(counts.rule[day].uploads, parts.bytes);
  }
}

function timeOf({ now }: Trial, day: Day): Date {
  return day === "today" ? now : daysFrom(now, daysAhead);
}

function daysFrom(now: Date, ahead: number): Date {
  return new Date(now.getTime() + ahead * dayMs);
}

function firstDay(isDue: (ahead: number) => boolean): number {
  let ahead = 0;
  while (ahead < daysAhead && !isDue(ahead)) ahead += 1;
  return ahead;
}
