import { type BucketStats, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import type { SurveyCounts } from "./counts.ts";
import { findLatestSurvey, findSurveyUnderWay, isOfAPart, type Survey } from "./read-surveys.ts";
import { type KindOfBytes, kindsOfBytes } from "./states.ts";

/** What one kind of bytes comes to; what it costs stands here too, once storage has a price. */
export interface KindShown {
  kind: KindOfBytes;
  /** Objects, versions, delete markers or uploads; null where only a survey tells. */
  count: bigint | null;
  bytes: bigint;
  /** Of all bytes of the bucket, from 0 to 1. */
  share: number;
}

export interface HiddenBytes {
  bucketName: string;
  /** Null where neither the engine nor a survey tells. */
  kinds: KindShown[] | null;
  /** All of them together: what the console shows elsewhere, what the quota counts and what is charged. */
  totalBytes: bigint;
  /** What `aws s3 ls --summarize` says: the current objects. Their number only where it is of the same moment. */
  summarized: { bytes: bigint; count: bigint | null } | null;
  /** Whether the bytes are of a part of the bucket. */
  isPartial: boolean;
  /** Whether the engine tells the bytes now; otherwise they are of the survey, as the counts always are. */
  isLive: boolean;
  survey: Omit<Survey, "requestedBy"> | null;
  underWay: Omit<Survey, "requestedBy"> | null;
}

/**
 * What the bytes of a bucket are made of, and what of it a plain listing does not show: as the engine tells it now, and
 * where it does not, as the latest survey found it. Throws `not-found` and `bucket-not-active`.
 */
export async function readHiddenBytes(context: Context, bucketId: string): Promise<HiddenBytes> {
  const accountId = authorizeInAccount(context, "buckets:read-settings");
  const { name } = await getActiveBucket(accountId, bucketId);
  const [stats, survey, underWay] = await Promise.all([
    findStats(accountId, name),
    findLatestSurvey(context, bucketId),
    findSurveyUnderWay(context, bucketId),
  ]);
  const breakdown = stats?.breakdown ?? null;
  const kinds = kindsOf(breakdown, survey?.counts ?? null);
  return {
    bucketName: name,
    kinds,
    totalBytes: sum(kinds ?? []),
    summarized: summarizedOf(kinds, survey?.counts ?? null),
    isLive: breakdown !== null,
    isPartial: breakdown === null && survey?.counts != null && isOfAPart(survey.counts),
    survey,
    underWay,
  };
}

/** Null where the engine does not answer in a page's time, or has no such bucket. */
export async function findStats(accountId: string, bucket: string): Promise<BucketStats | null> {
  try {
    const tenant = await readEngineTenant(accountId);
    const [stats] = await storage.bucketStats({ tenant, bucket }, { deadlineMs: PAGE_DEADLINE_MS });
    return stats ?? null;
  } catch (error) {
    if (error instanceof StorageError) return null;
    throw error;
  }
}

/** The kinds of bytes, from the engine's own breakdown where there is one; null where nothing is known. */
export function kindsOf(
  breakdown: BucketStats["breakdown"],
  counts: SurveyCounts | null,
): KindShown[] | null {
  if (!breakdown && !counts) return null;
  const bytes: Record<KindOfBytes, bigint> = {
    current: breakdown?.currentBytes ?? counts?.current.bytes ?? 0n,
    noncurrent: breakdown?.noncurrentBytes ?? counts?.noncurrent.bytes ?? 0n,
    markers: 0n,
    uploads: breakdown?.incompleteUploadBytes ?? counts?.uploads.bytes ?? 0n,
  };
  const total = bytes.current + bytes.noncurrent + bytes.uploads;
  return kindsOfBytes.map((kind) => ({
    kind,
    count: counts?.[kind].count ?? null,
    bytes: bytes[kind],
    share: shareOf(bytes[kind], total),
  }));
}

export function shareOf(part: bigint, total: bigint): number {
  return total === 0n ? 0 : Number((part * 10_000n) / total) / 10_000;
}

function summarizedOf(kinds: KindShown[] | null, counts: SurveyCounts | null): HiddenBytes["summarized"] {
  const current = kinds?.find(({ kind }) => kind === "current");
  if (!current) return null;
  // What the engine tells now may be of another moment than the count: then the bytes differ.
  const isSameMoment = counts !== null && !isOfAPart(counts) && counts.current.bytes === current.bytes;
  return { bytes: current.bytes, count: isSameMoment ? current.count : null };
}

function sum(kinds: readonly KindShown[]): bigint {
  return kinds.reduce((total, { bytes }) => total + bytes, 0n);
}
