import { href } from "react-router";

// Names of objects never stand in a path: they may hold `/`, `..` or a newline. They are query parameters, and in a
// form that carries many of them each is encoded, since browsers turn the newlines of a form's values into CR LF.

/** The part of the address that names the bucket. */
export type BucketParams = { account: string; bucket: string };

export interface ObjectParameters {
  key: string;
  /** Of one version; the current one where it is not given. */
  versionId?: string | null;
}

/** Kinds of list: the current objects, or all versions and delete markers. */
export type ObjectView = "current" | "versions";

/** The objects below a prefix. `after` is the `next` of the page before. */
export function objectsHref(
  params: BucketParams,
  { prefix, after, view }: { prefix?: string; after?: string | null; view?: ObjectView } = {},
): string {
  const versions = view === "versions" ? view : undefined;
  return withQuery(href("/accounts/:account/buckets/:bucket/objects", params), {
    prefix,
    view: versions,
    after,
  });
}

/** Where objects chosen in a list are deleted; their names go with the form. */
export function deletionOfManyHref(
  params: BucketParams,
  { prefix, view }: { prefix: string; view: ObjectView },
): string {
  const versions = view === "versions" ? view : undefined;
  return withQuery(href("/accounts/:account/buckets/:bucket/objects/deletion", params), {
    prefix,
    view: versions,
  });
}

/** One object, or one version of it. */
export function objectHref(params: BucketParams, { key, versionId }: ObjectParameters): string {
  return withQuery(href("/accounts/:account/buckets/:bucket/object", params), { key, versionId });
}

/** What can be done with an object, each at an address of its own. */
export type ObjectAct = "download" | "sharing" | "deletion" | "restoration";

export function objectActHref(
  params: BucketParams,
  act: ObjectAct,
  { key, versionId }: ObjectParameters,
): string {
  const object = href("/accounts/:account/buckets/:bucket/object", params);
  return withQuery(`${object}/${act}`, { key, versionId });
}

/** Where files are uploaded to below a prefix. */
export function uploadHref(params: BucketParams, { prefix }: { prefix?: string } = {}): string {
  return withQuery(`${href("/accounts/:account/buckets/:bucket", params)}/upload`, { prefix });
}

/** Leaves out what is empty: an absent prefix is the whole bucket. */
function withQuery(path: string, parameters: Record<string, string | null | undefined>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** A key as the value of a form's field. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key);
}

/** The key that {@link encodeKey} made this of; null for what it cannot have made. */
export function decodeKey(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * A key as people see and hear it: what has no shape of its own, or would rearrange what stands beside it, is written as
 * its number, `[U+000A]`, and spaces at an end as ␣. Joiners stay: letters and emoji are made with them.
 */
export function displayKey(key: string): string {
  return key
    .replace(invisible, numberOf)
    .replace(/^[ \u3000]+|[ \u3000]+$/g, (spaces) => "␣".repeat(spaces.length));
}

// Ranges and no \p{…}: a browser may know another Unicode than the server, and both must write the same.
// Control characters, odd spaces, soft hyphen, marks and overrides of direction, line separators, tags, noncharacters.
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

function numberOf(character: string): string {
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `[U+${number}]`;
}
