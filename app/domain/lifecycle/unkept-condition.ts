import { DomainError } from "../errors.ts";
import { refusal } from "./rules.ts";

/** The field of the form that says a condition or an action, by S3's name of it. */
const fieldOf: Record<string, string> = {
  NewerNoncurrentVersions: "newerVersions",
  NoncurrentVersionExpiration: "noncurrentDays",
  ObjectSizeGreaterThan: "sizeGreaterThan",
  ObjectSizeLessThan: "sizeLessThan",
  Prefix: "prefix",
  Tag: "tags[0].key",
  Expiration: "expiration",
  AbortIncompleteMultipartUpload: "abortDays",
};

/**
 * For forms of a rule: where the engine does not keep a condition (`not-supported`), it is said at the field that asks
 * for it, with the promise that nothing was changed. Any other error as it is.
 */
export function atItsField(error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== "not-supported") return error;
  const field = fieldOf[error.params.condition ?? ""];
  return field ? refusal([field], "lifecycleConditionNotKept") : error;
}
