import { isAllowed } from "./access.ts";
import { S3Error } from "./errors.ts";
import type { BucketContext } from "./operation.ts";
import { headerText } from "./request.ts";
import { childElements, childText, parseXml, type XmlElements, xmlDocument } from "./xml.ts";

/**
 * Tags of buckets and objects: their limits, and how they travel in documents and headers.
 *
 * Source: "Categorizing your objects using tags" and "Using cost allocation S3 bucket tags", Amazon S3 user guide.
 */
export type Tags = Record<string, string>;

/** How many tags an object may carry, and how many a bucket. */
export const MAX_OBJECT_TAGS = 10;
export const MAX_BUCKET_TAGS = 50;

// In UTF-16 code units, as at Amazon: JavaScript's own count.
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** Letters, digits and spaces of any script, and a few signs: what Amazon says all of its services take. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Reads a `Tagging` document.
 *
 * @throws S3Error MalformedXML, InvalidTag
 */
export function parseTagging(document: Buffer, maxTags: number): Tags {
  const tagSet = parseXml(document, "Tagging").TagSet;
  // An empty element is read as text.
  if (tagSet === undefined || Array.isArray(tagSet)) throw new S3Error("MalformedXML");
  const tags = typeof tagSet === "object" ? childElements(tagSet, "Tag") : [];
  return checkTags(tags.map(readTag), maxTags, () => {
    return new S3Error("InvalidTag", "Cannot provide multiple Tags with the same key");
  });
}

function readTag(tag: XmlElements): [key: string, value: string] {
  const [key, value] = [childText(tag, "Key"), childText(tag, "Value")];
  if (key === undefined || value === undefined) throw new S3Error("MalformedXML");
  return [key, value];
}

/** A `Tagging` document, its tags in the order of their keys. */
export function taggingDocument(tags: Tags): string {
  const sorted = Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1));
  return xmlDocument("Tagging", { TagSet: { Tag: sorted.map(([Key, Value]) => ({ Key, Value })) } });
}

/**
 * Reads the tags that a request gives a new object: `x-amz-tagging`, encoded as a query string.
 *
 * @returns no tags where the header is missing
 * @throws S3Error InvalidArgument, InvalidTag; AccessDenied where the caller may not put tags
 */
export function readTaggingHeader({ request, caller, bucket }: BucketContext): Tags {
  const header = request.headers.get("x-amz-tagging");
  if (header === undefined) return {};
  if (!isAllowed(caller, bucket, "s3:PutObjectTagging", request.key)) throw new S3Error("AccessDenied");
  return parseTaggingHeader(headerText(header));
}

/** @throws S3Error InvalidArgument, InvalidTag */
export function parseTaggingHeader(header: string): Tags {
  const malformed = () =>
    new S3Error(
      "InvalidArgument",
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    );
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
      throw malformed();
    }
  };
  const pairs = header
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      return equals < 0
        ? [decode(pair), ""]
        : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
  return checkTags(pairs, MAX_OBJECT_TAGS, malformed);
}

/** `x-amz-tagging-count`, for an answer that sends an object: only to who may read its tags, and if there are any. */
export function taggingCountHeader(
  { request, caller, bucket }: BucketContext,
  tags: Tags,
): Record<string, number> {
  const count = Object.keys(tags).length;
  const action = request.query.has("versionId") ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
  return count > 0 && isAllowed(caller, bucket, action, request.key) ? { "x-amz-tagging-count": count } : {};
}

function checkTags(pairs: [key: string, value: string][], maxTags: number, duplicate: () => S3Error): Tags {
  // Amazon says BadRequest here, and the Ceph Object Gateway InvalidTag, as both do for every other limit of tags.
  if (pairs.length > maxTags) throw new S3Error("InvalidTag", `There can be at most ${maxTags} tags.`);
  for (const [key, value] of pairs) {
    if (key === "" || key.length > MAX_KEY_LENGTH || !TAG_TEXT.test(key)) {
      throw new S3Error("InvalidTag", "The TagKey you have provided is invalid", {
        details: { TagKey: key },
      });
    }
    if (value.length > MAX_VALUE_LENGTH || !TAG_TEXT.test(value)) {
      throw new S3Error("InvalidTag", "The TagValue you have provided is invalid", {
        details: { TagKey: key, TagValue: value },
      });
    }
    if (key.toLowerCase().startsWith("aws:")) {
      throw new S3Error("InvalidTag", "System tags cannot be added/updated by requester");
    }
  }
  // Built so because a tag may be called __proto__.
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length) throw duplicate();
  return tags;
}
