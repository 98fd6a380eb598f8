import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * A short name of what was read from the engine: the same for the same settings, whatever the order in which their
 * fields were written down. A form carries it, so that a change made meanwhile is noticed and not overwritten.
 * SHA-256 of the canonical JSON (RFC 8785), in hexadecimal. bigints count as their decimal strings, dates as ISO 8601.
 */
export function fingerprintOf(value: unknown): string {
  const plain = JSON.parse(
    JSON.stringify(value ?? null, (_, inner: unknown) =>
      typeof inner === "bigint" ? inner.toString() : inner,
    ),
  );
  return createHash("sha256")
    .update(canonicalize(plain) ?? "")
    .digest("hex");
}
