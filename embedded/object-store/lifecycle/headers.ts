import { dueAt } from "./age.ts";
import { type Lifecycle, type LifecycleRule, matches } from "./rules.ts";

/**
 * `x-amz-expiration`, for an answer about an object's current version: when which rule will expire it. Of several
 * rules the earliest counts. Amazon does not send it where the request names a version.
 */
export function expirationHeader(
  lifecycle: Lifecycle | null,
  object: { key: string; sizeBytes: number; tags: Record<string, string>; modifiedAt: Date },
): Record<string, string> {
  const next = earliest(lifecycle, ({ filter, expiration }) => {
    if (!expiration || "expiredObjectDeleteMarker" in expiration || !matches(filter, object)) return null;
    return "date" in expiration ? new Date(expiration.date) : dueAt(object.modifiedAt, expiration.days);
  });
  if (!next) return {};
  return {
    "x-amz-expiration": `expiry-date="${next.at.toUTCString()}", rule-id="${headerSafe(next.rule.id)}"`,
  };
}

/** `x-amz-abort-date` and `x-amz-abort-rule-id`, for an answer about an incomplete upload. */
export function abortHeaders(
  lifecycle: Lifecycle | null,
  upload: { key: string; createdAt: Date },
): Record<string, string> {
  const next = earliest(lifecycle, ({ filter, abortIncompleteMultipartUpload: abort }) => {
    if (!abort || !upload.key.startsWith(filter.prefix ?? "")) return null;
    return dueAt(upload.createdAt, abort.daysAfterInitiation);
  });
  if (!next) return {};
  return { "x-amz-abort-date": next.at.toUTCString(), "x-amz-abort-rule-id": headerSafe(next.rule.id) };
}

function earliest(
  lifecycle: Lifecycle | null,
  when: (rule: LifecycleRule) => Date | null,
): { at: Date; rule: LifecycleRule } | null {
  let next: { at: Date; rule: LifecycleRule } | null = null;
  for (const rule of lifecycle?.rules ?? []) {
    const at = rule.enabled ? when(rule) : null;
    if (at && (!next || at < next.at)) next = { at, rule };
  }
  return next;
}

/**
 * Amazon's reference says that the id is URL-encoded, and Amazon sends spaces as they are. So only what a quoted
 * text of a header cannot hold is encoded.
 */
function headerSafe(id: string): string {
  return id.replace(/[^\x20-\x7e]+|["%\\]/g, (text) => encodeURIComponent(text));
}
