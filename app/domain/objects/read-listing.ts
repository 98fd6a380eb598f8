import { z } from "zod";
import {
  type ObjectListed,
  PAGE_DEADLINE_MS,
  type VersionListed,
  type VersionPage,
} from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readManagementKey } from "../accounts/engine-tenant.ts";
import { authorizeInAccount } from "../authorization.ts";
import { getActiveBucket } from "../buckets/active-bucket.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { objectPrefixInput } from "./object-name.ts";

export interface ListingInput {
  bucketId: string;
  /** How the names begin; empty for the whole bucket. */
  prefix: string;
  /** All versions and delete markers, not the current objects alone. */
  allVersions: boolean;
  /** The `next` of the page before. */
  after: string | null;
}

export interface Listing {
  bucket: string;
  /** What there is, or why that is not known. */
  page: ListingPage | { problem: "unavailable" | "refused" };
}

/** Without what no list shows: a page of long names is heavy enough. */
type Listed = Omit<ObjectListed & Partial<VersionListed>, "etag">;

export interface ListingPage {
  /** What shares a prefix up to the next slash, the slash included. */
  prefixes: string[];
  /** Of the current objects, these say nothing about versions. */
  objects: Listed[];
  next: string | null;
}

const pageSize = 100;
/** A token of the engine is about as long as the name that it stands for. */
const longestToken = 4096;

/**
 * A page of what is in a bucket below a prefix, in the order of names: one call to the engine, whatever the bucket holds.
 * Throws `not-found` for an `after` that is no page's.
 */
export async function readListing(context: Context, input: ListingInput): Promise<Listing> {
  const accountId = authorizeInAccount(context, "objects:list");
  const [{ name: bucket }, key] = await Promise.all([
    getActiveBucket(accountId, input.bucketId),
    readManagementKey(accountId),
  ]);
  // No name begins like this: none is as long, or holds what text cannot.
  if (!objectPrefixInput.safeParse(input.prefix).success)
    return { bucket, page: { prefixes: [], objects: [], next: null } };
  const { prefix, after } = input;
  const place = { key, bucket, prefix, delimiter: "/", limit: pageSize };
  const list = input.allVersions ? listVersions : listObjects;
  try {
    return { bucket, page: await list(place, after) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code === "not-found" && after) throw new DomainError("not-found");
    return { bucket, page: { problem: error.code === "unavailable" ? "unavailable" : "refused" } };
  }
}

type Place = Omit<Parameters<typeof storage.listObjects>[0], "after">;
const deadline = { deadlineMs: PAGE_DEADLINE_MS };

async function listObjects(place: Place, after: string | null): Promise<ListingPage> {
  if (after && after.length > longestToken) throw new DomainError("not-found");
  const page = await storage.listObjects(after ? { ...place, after } : place, deadline);
  return { ...page, objects: page.objects.map(withoutEtag) };
}

async function listVersions(place: Place, after: string | null): Promise<ListingPage> {
  const marker = after ? { after: parseMarker(after) } : {};
  const { prefixes, versions, next } = await storage.listVersions({ ...place, ...marker }, deadline);
  return { prefixes, objects: versions.map(withoutEtag), next: next && formatMarker(next) };
}

function withoutEtag({ etag: _, ...listed }: ObjectListed & Partial<VersionListed>): Listed {
  return listed;
}

type Marker = NonNullable<VersionPage["next"]>;

/** A place in a list of versions as one text: the version's id has no slash in its encoding, the name may. */
function formatMarker({ object, versionId }: Marker): string {
  return Buffer.from(`${encodeURIComponent(versionId ?? "")}/${object}`).toString("base64url");
}

function parseMarker(text: string): Marker {
  const parsed = markerText.safeParse(text);
  if (!parsed.success) throw new DomainError("not-found");
  return parsed.data;
}

const markerText = z
  .string()
  .max(longestToken)
  .transform((text, issues): Marker => {
    try {
      const bytes = Buffer.from(text, "base64url");
      const [, versionId, object] = /^([^/]*)\/(.+)$/s.exec(strictText.decode(bytes)) ?? [];
      if (versionId !== undefined && object && bytes.toString("base64url") === text)
        return { object, versionId: decodeURIComponent(versionId) || null };
    } catch {
      // Neither UTF-8 nor an encoding of any: no place that we named.
    }
    issues.addIssue({ code: "custom" });
    return z.NEVER;
  });

const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
