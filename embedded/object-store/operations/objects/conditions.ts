import { isAllowed } from "../../access.ts";
import { S3Error } from "../../errors.ts";
import type { BucketContext } from "../../operation.ts";
import type { WriteCondition } from "../../versions.ts";

/**
 * Conditional requests (RFC 9110, section 13) as S3 has them: "Conditional reads" and "Conditional writes", Amazon
 * S3 user guide.
 */

/**
 * Checks the conditions of a GET or HEAD. If-Match comes before If-Unmodified-Since, and If-None-Match before
 * If-Modified-Since.
 *
 * @param etag without quotes
 * @throws S3Error PreconditionFailed; NotModified, with the headers that a 304 carries
 */
export function checkReadConditions(given: Map<string, string>, etag: string, modifiedAt: Date): void {
  const modified = wholeSeconds(modifiedAt);
  const ifMatch = given.get("if-match");
  if (ifMatch !== undefined) {
    if (!matchesEtag(readEtags(ifMatch), etag)) throw new S3Error("PreconditionFailed");
  } else if (modified > parseDate(given.get("if-unmodified-since"), Number.POSITIVE_INFINITY)) {
    throw new S3Error("PreconditionFailed");
  }

  const ifNoneMatch = given.get("if-none-match");
  const unchanged =
    ifNoneMatch !== undefined
      ? matchesEtag(readEtags(ifNoneMatch), etag)
      : modified <= parseDate(given.get("if-modified-since"), Number.NEGATIVE_INFINITY);
  if (unchanged) {
    throw new S3Error("NotModified", undefined, {
      headers: { etag: `"${etag}"`, "last-modified": modifiedAt.toUTCString() },
    });
  }
}

/** Whether a Range counts: without If-Range always, with it only if the object is still the same. */
export function rangeApplies(given: Map<string, string>, etag: string, modifiedAt: Date): boolean {
  const ifRange = given.get("if-range");
  if (ifRange === undefined) return true;
  if (ifRange.startsWith('"')) return ifRange === `"${etag}"`;
  return parseDate(ifRange, Number.NaN) === wholeSeconds(modifiedAt);
}

/**
 * Reads the conditions of a PUT: `If-None-Match: *` (no object is there yet) or `If-Match` with the current ETag. As
 * in the Ceph Object Gateway, If-None-Match may name ETags too, which Amazon does not support.
 *
 * @throws S3Error NotImplemented for dates, which neither supports
 */
export function readWriteCondition(given: Map<string, string>): WriteCondition {
  for (const name of ["if-modified-since", "if-unmodified-since"]) {
    // A condition that is ignored is an object overwritten that was to be kept.
    if (given.has(name)) throw new S3Error("NotImplemented", `${name} is not implemented for a PUT.`);
  }
  const etags = (name: string) => {
    const list = given.get(name);
    return list === undefined ? null : readEtags(list);
  };
  return { ifNoneMatch: etags("if-none-match"), ifMatch: etags("if-match") };
}

/**
 * The same, of a request. Whether a condition with an ETag holds tells what the object is: as at Amazon, that takes
 * reading as well.
 *
 * @throws S3Error AccessDenied too
 */
export function requireWriteCondition({ request, caller, bucket }: BucketContext): WriteCondition {
  const condition = readWriteCondition(request.headers);
  const etags = [...(condition.ifNoneMatch ?? []), ...(condition.ifMatch ?? [])];
  const isHidden =
    etags.some((etag) => etag !== "*") && !isAllowed(caller, bucket, "s3:GetObject", request.key);
  if (isHidden) throw new S3Error("AccessDenied");
  return condition;
}

/**
 * @param etag of the object that is there, null where none is
 * @throws S3Error PreconditionFailed, NoSuchKey
 */
export function checkWriteCondition({ ifNoneMatch, ifMatch }: WriteCondition, etag: string | null): void {
  if (etag !== null && ifNoneMatch && matchesEtag(ifNoneMatch, etag)) throw new S3Error("PreconditionFailed");
  if (ifMatch === null) return;
  if (etag === null) throw new S3Error("NoSuchKey");
  if (!matchesEtag(ifMatch, etag)) throw new S3Error("PreconditionFailed");
}

function readEtags(list: string): string[] {
  return list.split(",").map(readEtag);
}

/** An ETag as clients write it, with quotes or without, as it is stored: without. */
export function readEtag(given: string): string {
  return given
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}

const matchesEtag = (etags: string[], etag: string) => etags.includes("*") || etags.includes(etag);

/** HTTP dates have no fractions of a second. */
const wholeSeconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000;

function parseDate(text: string | undefined, otherwise: number): number {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? otherwise : time;
}
