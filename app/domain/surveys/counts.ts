import { z } from "zod";
import type { Versioning } from "#app/ports/storage/driver.ts";
import type { SurveyBound } from "./states.ts";

/** A number of things and their bytes. */
export interface Amount {
  count: bigint;
  bytes: bigint;
}

/** What a survey has counted; while it runs, so far. */
export interface SurveyCounts {
  /** Versions, delete markers, uploads and parts that were looked at. */
  entries: bigint;
  /** How many there are as far as the engine could say when it began, for the progress. */
  expected: bigint | null;
  /** Only names that begin like this were looked at: what the rule is about. Empty for the whole bucket. */
  prefix: string;
  /** Current versions: what a plain listing shows. */
  current: Amount;
  /** Versions that a newer one, or a delete marker, stands before. */
  noncurrent: Amount;
  /** Delete markers, those with no version behind them among them. */
  markers: { count: bigint; withNothingBehind: bigint };
  /** Uploads that were never completed, with the bytes and the number of their parts. */
  uploads: Amount & { parts: bigint; oldestAt: Date | null };
  /** How the bucket kept versions when the survey began. */
  versioning: Versioning;
  /** Of the rule that was to be tried, where one was. */
  rule: { today: RuleCounts; in30Days: RuleCounts } | null;
  /** Why this is a part of the bucket; null where it is the whole. */
  bound: SurveyBound | null;
}

/** What a lifecycle rule would have removed by a day, if nothing else changed. */
export interface RuleCounts {
  /** Current versions that are gone for good, and their bytes with them. */
  objects: Amount;
  /** Current versions behind a delete marker by then: their bytes stay. */
  hidden: Amount;
  /** Noncurrent versions. */
  versions: Amount;
  /** Delete markers, which have no bytes. */
  markers: bigint;
  uploads: Amount;
}

/** Before anything was looked at. */
export function noCounts({
  hasRule,
  ...known
}: Pick<SurveyCounts, "expected" | "prefix" | "versioning"> & { hasRule: boolean }): SurveyCounts {
  return {
    ...known,
    entries: 0n,
    current: nothing(),
    noncurrent: nothing(),
    markers: { count: 0n, withNothingBehind: 0n },
    uploads: { ...nothing(), parts: 0n, oldestAt: null },
    rule: hasRule ? { today: noRuleCounts(), in30Days: noRuleCounts() } : null,
    bound: null,
  };
}

function nothing(): Amount {
  return { count: 0n, bytes: 0n };
}

function noRuleCounts(): RuleCounts {
  return { objects: nothing(), hidden: nothing(), versions: nothing(), markers: 0n, uploads: nothing() };
}

export function add(amount: Amount, bytes: bigint): void {
  amount.count += 1n;
  amount.bytes += bytes;
}

/** Every number as decimal text, since JSON's are doubles. */
export function countsToJson(counts: SurveyCounts): object {
  return JSON.parse(
    JSON.stringify(counts, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  ) as object;
}

/** Reads what {@link countsToJson} wrote; null for a survey that has counted nothing yet. */
export function countsFromJson(json: unknown): SurveyCounts | null {
  return storedCounts.safeParse(json).data ?? null;
}

const number = z.string().regex(/^\d+$/).transform(BigInt);
const amount = z.object({ count: number, bytes: number });
const ruleCounts = z.object({
  objects: amount,
  hidden: amount,
  versions: amount,
  markers: number,
  uploads: amount,
});
const storedCounts = z.object({
  entries: number,
  expected: number.nullable(),
  prefix: z.string(),
  current: amount,
  noncurrent: amount,
  markers: z.object({ count: number, withNothingBehind: number }),
  uploads: amount.extend({ parts: number, oldestAt: z.coerce.date().nullable() }),
  versioning: z.enum(["unset", "enabled", "suspended"]),
  rule: z.object({ today: ruleCounts, in30Days: ruleCounts }).nullable(),
  bound: z.enum(["entries", "time", "tags"]).nullable(),
});
