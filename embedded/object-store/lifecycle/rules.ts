/** What a bucket's lifecycle configuration says, as it stands in `s3.buckets.lifecycle`. */
export type Lifecycle = {
  rules: LifecycleRule[];
  /** About transitions, of which there are none here. Kept because clients read it back. */
  transitionDefaultMinimumObjectSize: string;
};

export type LifecycleRule = {
  id: string;
  enabled: boolean;
  /** How the filter was written: Prefix in the rule, Filter, or Filter with And. Clients get it back the same way. */
  form: "prefix" | "filter" | "and";
  filter: LifecycleFilter;
  expiration?: Expiration;
  noncurrentVersionExpiration?: { noncurrentDays: number; newerNoncurrentVersions?: number | undefined };
  abortIncompleteMultipartUpload?: { daysAfterInitiation: number };
};

/** All of these must hold. */
export type LifecycleFilter = {
  prefix?: string | undefined;
  /** A list, which keeps their order. */
  tags: { key: string; value: string }[];
  sizeGreaterThan?: number | undefined;
  sizeLessThan?: number | undefined;
};

/** `date` is a midnight, such as `2026-01-31T00:00:00.000Z`. */
export type Expiration = { days: number } | { date: string } | { expiredObjectDeleteMarker: boolean };

/** Whether a filter holds for an object. */
export function matches(
  { prefix = "", tags, sizeGreaterThan = -1, sizeLessThan = Number.POSITIVE_INFINITY }: LifecycleFilter,
  object: { key: string; sizeBytes: number; tags: Record<string, string> },
): boolean {
  return (
    object.key.startsWith(prefix) &&
    object.sizeBytes > sizeGreaterThan &&
    object.sizeBytes < sizeLessThan &&
    tags.every(({ key, value }) => Object.hasOwn(object.tags, key) && object.tags[key] === value)
  );
}
