import { z } from "zod";
import { S3Error } from "../errors.ts";
import { parseXml, type XmlElements } from "../xml.ts";
import type { Expiration, LifecycleRule } from "./rules.ts";

/** The `LifecycleConfiguration` document: its elements, and what their text may be. */

const MAX_DAYS = 2 ** 31 - 1;

/** @throws S3Error MalformedXML */
export function parseDocument(document: Buffer): GivenRule[] {
  const result = configuration.safeParse(parseXml(document, "LifecycleConfiguration"));
  if (!result.success) throw new S3Error("MalformedXML");
  return result.data.Rule;
}

/** What a `LifecycleConfiguration` holds for these rules, as they were given. */
export function lifecycleElements(rules: LifecycleRule[]): XmlElements {
  return { Rule: rules.map(ruleElements) };
}

function ruleElements(given: LifecycleRule): XmlElements {
  const {
    expiration,
    noncurrentVersionExpiration: noncurrent,
    abortIncompleteMultipartUpload: abort,
  } = given;
  return {
    ID: given.id,
    ...filterElements(given),
    Status: given.enabled ? "Enabled" : "Disabled",
    Expiration: expiration && expirationElements(expiration),
    NoncurrentVersionExpiration: noncurrent && {
      NoncurrentDays: noncurrent.noncurrentDays,
      NewerNoncurrentVersions: noncurrent.newerNoncurrentVersions,
    },
    AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
  };
}

function filterElements({ form, filter }: LifecycleRule): XmlElements {
  if (form === "prefix") return { Prefix: filter.prefix };
  const elements = {
    Prefix: filter.prefix,
    Tag: filter.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    ObjectSizeGreaterThan: filter.sizeGreaterThan,
    ObjectSizeLessThan: filter.sizeLessThan,
  };
  return { Filter: form === "and" ? { And: elements } : elements };
}

function expirationElements(expiration: Expiration): XmlElements {
  if ("days" in expiration) return { Days: expiration.days };
  if ("date" in expiration) return { Date: expiration.date };
  return { ExpiredObjectDeleteMarker: expiration.expiredObjectDeleteMarker };
}

/** Nothing that PostgreSQL could not hold. */
const text = z.string().refine((value) => !value.includes("\0") && value.isWellFormed());
const integer = z
  .string()
  .trim()
  // The greatest size has 16 digits; what has more is no safe integer.
  .regex(/^[+-]?\d{1,16}$/)
  .transform(Number);
const days = integer.refine((value) => value <= MAX_DAYS);
const date = z
  .string()
  .trim()
  .pipe(z.union([z.iso.date(), z.iso.datetime({ offset: true })]))
  .transform((value) => new Date(value))
  .refine((value) => !Number.isNaN(value.getTime()));
const boolean = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(["true", "false"]));

/** An element that holds others. The parser gives text for an empty one, and the space between elements as `#text`. */
const element = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => {
    if (typeof value === "string") return value.trim() === "" ? {} : value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const { "#text": between, ...elements } = value as Record<string, unknown>;
    return typeof between === "string" && between.trim() !== "" ? value : elements;
  }, z.strictObject(shape));

/** An element that may come again. The parser gives a list only where it does. */
const repeated = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), z.array(item));

const tag = element({ Key: text.min(1).max(128), Value: text.max(256) });
const predicates = {
  Prefix: text.optional(),
  ObjectSizeGreaterThan: integer.optional(),
  ObjectSizeLessThan: integer.optional(),
};
const rule = element({
  ID: text.optional(),
  Status: z.enum(["Enabled", "Disabled"]),
  Prefix: text.optional(),
  Filter: element({
    ...predicates,
    Tag: tag.optional(),
    And: element({ ...predicates, Tag: repeated(tag) }).optional(),
  }).optional(),
  Expiration: element({
    Days: days.optional(),
    Date: date.optional(),
    ExpiredObjectDeleteMarker: boolean.optional(),
  }).optional(),
  NoncurrentVersionExpiration: element({
    NoncurrentDays: days,
    NewerNoncurrentVersions: integer.optional(),
  }).optional(),
  AbortIncompleteMultipartUpload: element({ DaysAfterInitiation: days }).optional(),
  // Not implemented; read so that a malformed one is refused as that.
  Transition: repeated(element({ Days: days.optional(), Date: date.optional(), StorageClass: text })),
  NoncurrentVersionTransition: repeated(
    element({ NoncurrentDays: days, NewerNoncurrentVersions: integer.optional(), StorageClass: text }),
  ),
});
const configuration = element({ Rule: repeated(rule) });

/** A rule as it was sent, its values read and not yet checked against each other. */
export type GivenRule = z.infer<typeof rule>;
