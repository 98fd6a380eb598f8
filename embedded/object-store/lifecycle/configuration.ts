import { randomUUID } from "node:crypto";
import { S3Error } from "../errors.ts";
import { type GivenRule, parseDocument } from "./document.ts";
import type { Expiration, LifecycleFilter, LifecycleRule } from "./rules.ts";

/**
 * What a lifecycle configuration may say. It, and the code and message of each refusal, are Amazon's:
 * "PutBucketLifecycleConfiguration", Amazon S3 API reference; "Lifecycle configuration elements", user guide.
 */

const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;
const MAX_PREFIX_BYTES = 1024;
const MAX_NEWER_VERSIONS = 100;
const MAX_SIZE_BYTES = 1_099_511_627_776_000;

/**
 * Reads a configuration and checks all that it says.
 *
 * @throws S3Error MalformedXML, InvalidRequest, InvalidArgument; NotImplemented for transitions
 */
export function parseLifecycle(document: Buffer): LifecycleRule[] {
  const given = parseDocument(document);
  if (given.length === 0)
    throw new S3Error("InvalidRequest", "At least one lifecycle rule must be specified.");
  if (given.length > MAX_RULES) {
    throw new S3Error(
      "InvalidRequest",
      `The number of lifecycle rules must not exceed the allowed limit of ${MAX_RULES} rules.`,
    );
  }
  checkForms(given);
  const rules = given.map(readRule);
  if (new Set(rules.map(({ id }) => id)).size < rules.length) {
    throw new S3Error("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule");
  }
  return rules;
}

/** Rules with a Prefix of their own are the older of two forms, and the first rule decides for all. */
function checkForms(rules: GivenRule[]): void {
  for (const { Filter, Prefix } of rules) {
    if ((Filter === undefined) === (Prefix === undefined)) throw new S3Error("MalformedXML");
  }
  const isOlder = rules[0]?.Prefix !== undefined;
  for (const { Filter, Prefix, NoncurrentVersionExpiration } of rules) {
    if (isOlder && Filter) {
      throw new S3Error("InvalidRequest", "Filter element can only be used in Lifecycle V2.");
    }
    if (!isOlder && Prefix !== undefined) {
      throw new S3Error(
        "InvalidRequest",
        "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
      );
    }
    if (isOlder && NoncurrentVersionExpiration?.NewerNoncurrentVersions !== undefined) {
      throw new S3Error(
        "InvalidRequest",
        "NewerNoncurrentVersions element can only be used in Lifecycle V2.",
      );
    }
  }
}

function readRule(given: GivenRule): LifecycleRule {
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = given;
  if ((given.ID ?? "").length > MAX_ID_LENGTH) {
    throw new S3Error("InvalidArgument", `ID length should not exceed allowed limit of ${MAX_ID_LENGTH}`);
  }
  const { form, filter } = readFilter(given);
  refuseTransitions(given);
  if (!Expiration && !NoncurrentVersionExpiration && !AbortIncompleteMultipartUpload) {
    throw new S3Error("InvalidRequest", "At least one action needs to be specified in a rule");
  }
  return {
    // As Amazon's own: base64 of a UUID.
    id: given.ID || Buffer.from(randomUUID()).toString("base64"),
    enabled: given.Status === "Enabled",
    form,
    filter,
    ...(Expiration && { expiration: readExpiration(Expiration, filter) }),
    ...(NoncurrentVersionExpiration && {
      noncurrentVersionExpiration: readNoncurrentExpiration(NoncurrentVersionExpiration),
    }),
    ...(AbortIncompleteMultipartUpload && {
      abortIncompleteMultipartUpload: readAbort(AbortIncompleteMultipartUpload, filter),
    }),
  };
}

function readFilter({ Prefix, Filter = {} }: GivenRule): {
  form: LifecycleRule["form"];
  filter: LifecycleFilter;
} {
  const { And, Tag, ...single } = Filter;
  const given = Prefix !== undefined ? { Prefix } : (And ?? single);
  const tags = And ? And.Tag : Tag ? [Tag] : [];
  const { Tag: _, ...sizesAndPrefix } = { Tag: [], ...given };
  const count = Object.values(sizesAndPrefix).filter((value) => value !== undefined).length + tags.length;
  // One condition stands alone, and And joins at least two.
  const besideAnd = Object.values(single).some((value) => value !== undefined) || Tag !== undefined;
  if (And ? count < 2 || besideAnd : count > 1) throw new S3Error("MalformedXML");

  const filter = {
    prefix: given.Prefix,
    tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })),
    sizeGreaterThan: "ObjectSizeGreaterThan" in given ? given.ObjectSizeGreaterThan : undefined,
    sizeLessThan: "ObjectSizeLessThan" in given ? given.ObjectSizeLessThan : undefined,
  };
  checkFilter(filter);
  return { form: Prefix !== undefined ? "prefix" : And ? "and" : "filter", filter };
}

function checkFilter({ prefix = "", tags, sizeGreaterThan, sizeLessThan }: LifecycleFilter): void {
  if (Buffer.byteLength(prefix) > MAX_PREFIX_BYTES) {
    throw new S3Error("InvalidRequest", `The maximum size of a prefix is ${MAX_PREFIX_BYTES}.`);
  }
  if (new Set(tags.map(({ key }) => key)).size < tags.length) {
    throw new S3Error("InvalidRequest", "Duplicate Tag Keys are not allowed.");
  }
  checkSize("ObjectSizeGreaterThan", sizeGreaterThan, 0);
  checkSize("ObjectSizeLessThan", sizeLessThan, 1);
  if (sizeGreaterThan !== undefined && sizeLessThan !== undefined && sizeLessThan <= sizeGreaterThan) {
    throw new S3Error(
      "InvalidRequest",
      "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    );
  }
}

function checkSize(name: string, size: number | undefined, minimum: number): void {
  if (size !== undefined && (size < minimum || size > MAX_SIZE_BYTES)) {
    throw new S3Error("InvalidRequest", `'${name}' should be between ${minimum} and ${MAX_SIZE_BYTES}.`);
  }
}

function readExpiration(
  { Days, Date: on, ExpiredObjectDeleteMarker: marker }: NonNullable<GivenRule["Expiration"]>,
  filter: LifecycleFilter,
): Expiration {
  if ([Days, on, marker].filter((value) => value !== undefined).length !== 1)
    throw new S3Error("MalformedXML");
  if (Days !== undefined) {
    checkPositive("Days", "Expiration", Days);
    return { days: Days };
  }
  if (on !== undefined) {
    checkMidnight(on);
    return { date: on.toISOString() };
  }
  if (filter.tags.length > 0) throw cannotHave("ExpiredObjectDeleteMarker", "Tags");
  if (hasSize(filter)) throw cannotHave("ExpiredObjectDeleteMarker", "Object Size");
  return { expiredObjectDeleteMarker: marker === "true" };
}

function readNoncurrentExpiration({
  NoncurrentDays,
  NewerNoncurrentVersions: newer,
}: NonNullable<GivenRule["NoncurrentVersionExpiration"]>) {
  checkPositive("NoncurrentDays", "NoncurrentVersionExpiration", NoncurrentDays);
  if (newer !== undefined) {
    checkPositive("NewerNoncurrentVersions", "NoncurrentVersionExpiration", newer);
    if (newer > MAX_NEWER_VERSIONS) {
      throw new S3Error(
        "InvalidArgument",
        `'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be at most ${MAX_NEWER_VERSIONS}`,
      );
    }
  }
  return { noncurrentDays: NoncurrentDays, newerNoncurrentVersions: newer };
}

function readAbort(
  { DaysAfterInitiation }: NonNullable<GivenRule["AbortIncompleteMultipartUpload"]>,
  filter: LifecycleFilter,
) {
  if (filter.tags.length > 0) throw cannotHave("AbortIncompleteMultipartUpload", "Tags");
  if (hasSize(filter)) throw cannotHave("AbortIncompleteMultipartUpload", "Object Size");
  checkPositive("DaysAfterInitiation", "AbortIncompleteMultipartUpload", DaysAfterInitiation);
  return { daysAfterInitiation: DaysAfterInitiation };
}

function refuseTransitions({ Transition, NoncurrentVersionTransition }: GivenRule): void {
  for (const { Date: on } of Transition) if (on) checkMidnight(on);
  if (Transition.length + NoncurrentVersionTransition.length > 0) {
    throw new S3Error("NotImplemented", "Transitions to other storage classes are not implemented.");
  }
}

const hasSize = ({ sizeGreaterThan, sizeLessThan }: LifecycleFilter) =>
  sizeGreaterThan !== undefined || sizeLessThan !== undefined;

const cannotHave = (action: string, filter: string) =>
  new S3Error("InvalidRequest", `${action} cannot be specified with ${filter}.`);

function checkPositive(name: string, action: string, value: number): void {
  if (value >= 1) return;
  throw new S3Error("InvalidArgument", `'${name}' for ${action} action must be a positive integer`, {
    details: { ArgumentName: name, ArgumentValue: value },
  });
}

function checkMidnight(on: Date): void {
  if (on.toISOString().endsWith("T00:00:00.000Z")) return;
  throw new S3Error("InvalidArgument", "'Date' must be at midnight GMT", {
    details: { ArgumentName: "Date", ArgumentValue: on.toISOString() },
  });
}
