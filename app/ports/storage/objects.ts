import type { Readable } from "node:stream";
import type { Tag } from "./bucket-settings.ts";
import type { BucketInput } from "./buckets.ts";
import type { CallOptions } from "./call-options.ts";
import type { AccessKeyPair } from "./tenants.ts";

/**
 * Objects of a bucket, as the console shows and moves them. A key is any UTF-8 text of 1 to 1,024 bytes, newlines,
 * leading slashes and `..` included; it is never a path here. A listing is one request to the engine and never more
 * than a page. `key` in an input is the key pair that signs: the management key for what is administration (listing,
 * emptying, surveys), the account's object key for what moves bytes. `not-found` for a bucket, object or version that
 * is not there; `denied` where the pair may not.
 */
export interface ObjectStorage {
  /** Current objects by key, in the engine's order; with `delimiter`, what shares a prefix up to it is one entry. */
  listObjects(input: ListInput, options?: CallOptions): Promise<ObjectPage>;

  /** All versions and delete markers, newest first within a key. */
  listVersions(input: ListVersionsInput, options?: CallOptions): Promise<VersionPage>;

  /** Uploads that were begun and neither completed nor aborted, oldest first within a key. */
  listUploads(input: ListUploadsInput, options?: CallOptions): Promise<UploadPage>;

  /** Bytes and number of the parts that an open upload has; `not-found` for one that is not open. */
  listParts(
    input: UploadInput & { after?: number; limit?: number },
    options?: CallOptions,
  ): Promise<PartPage>;

  /** What is known of an object without its content; of the version named, else of the current one. */
  headObject(input: ObjectInput, options?: CallOptions): Promise<ObjectDetails>;

  getObjectTags(input: ObjectInput, options?: CallOptions): Promise<Tag[]>;

  /**
   * An object's content. The deadline counts until it begins; after that the stream ends with an error when the engine
   * sends nothing for 60 seconds. Destroy it when it is no longer wanted.
   *
   * @param input.range as in the HTTP header, `bytes=0-99`; `unsatisfiable` where the object has none of it
   */
  getObject(input: ObjectInput & { range?: string }, options?: CallOptions): Promise<ObjectContent>;

  /**
   * Stores a stream of unknown length, in parts of 8 MiB where it has more than one: at most three of them are in
   * memory. After 8,000 MiB each part is a little larger than the one before, so that 10,000 of them reach 5 TiB, and
   * one of them is in memory. Takes as long as the stream does; each request to the engine has a deadline of its own.
   * When the stream fails, nothing is stored and what was uploaded is aborted. `quota-exceeded` over the engine's limit.
   */
  putObject(input: PutObjectInput): Promise<{ sizeBytes: bigint; versionId: string | null }>;

  /**
   * Makes a version the current one again, by copying it over its key; up to 5 GiB in one request, in parts above.
   * Answers the new version's id, null where the engine does not say it. For jobs, or with a deadline: engines copy
   * while one waits.
   */
  restoreVersion(
    input: ObjectInput & { versionId: string },
    options?: CallOptions,
  ): Promise<{ versionId: string | null }>;

  /**
   * Removes up to 1,000 objects or versions. Without a version id, the current one goes, or a delete marker takes its
   * place in a versioned bucket. What is not there counts as removed. Answers what was not removed, and why. For jobs,
   * or with a deadline: gateways remove one after the other, some hundred a second.
   */
  deleteObjects(
    input: BucketInputBy & { objects: readonly ObjectName[] },
    options?: CallOptions,
  ): Promise<{ failed: Array<ObjectName & { engineCode: string }> }>;

  /** Success when there is no such upload. */
  abortUpload(input: UploadInput, options?: CallOptions): Promise<void>;

  /** Begins an upload in parts. */
  createUpload(
    input: BucketInputBy & { object: string; contentType?: string },
    options?: CallOptions,
  ): Promise<{ uploadId: string }>;

  /**
   * Completes an upload of the parts that the engine has, in their order, whatever they are: look with
   * {@link listParts} first. `not-found` when it is no longer open. With `ifAbsent` as in {@link PutObjectInput}.
   */
  completeUpload(
    input: UploadInput & { ifAbsent?: boolean },
    options?: CallOptions,
  ): Promise<{ versionId: string | null }>;

  /**
   * Addresses that carry their own signature, at the public endpoint. Asks the engine nothing.
   *
   * @param input.expiresInSeconds up to 604,800 (seven days), S3's limit
   */
  presignGet(
    input: ObjectInput & { endpoint: string; expiresInSeconds: number; downloadName?: string },
  ): Promise<string>;
  presignPart(
    input: UploadInput & { endpoint: string; expiresInSeconds: number; partNumber: number },
  ): Promise<string>;
}

/** A bucket, and the key pair that signs. */
export interface BucketInputBy {
  key: AccessKeyPair;
  bucket: BucketInput["bucket"];
}

export interface ObjectName {
  object: string;
  /** Null or absent: the current one. `null` as text is the version from before versioning. */
  versionId?: string | null;
}

export type ObjectInput = BucketInputBy & ObjectName;
export type UploadInput = BucketInputBy & { object: string; uploadId: string };

interface PageInput extends BucketInputBy {
  prefix?: string;
  delimiter?: string;
  /** 1 to 1,000. */
  limit: number;
}
/** `after`: a {@link ObjectPage.next}. */
export type ListInput = PageInput & { after?: string };
export type ListVersionsInput = PageInput & { after?: { object: string; versionId: string | null } };
export type ListUploadsInput = Omit<PageInput, "delimiter"> & {
  after?: { object: string; uploadId: string | null };
};

export interface ObjectPage {
  /** What shares a prefix up to the delimiter, the delimiter included. */
  prefixes: string[];
  objects: ObjectListed[];
  /** The engine's own token of the next page; null on the last. */
  next: string | null;
}

export interface ObjectListed {
  object: string;
  sizeBytes: bigint;
  lastModified: Date;
  /** As the engine says it, without its quotes. Not always an MD5. */
  etag: string;
  storageClass: string;
}

export interface VersionListed extends ObjectListed {
  versionId: string;
  isLatest: boolean;
  /** A delete marker has no size, ETag or class: zero and empty. */
  isDeleteMarker: boolean;
}

export interface VersionPage {
  prefixes: string[];
  versions: VersionListed[];
  next: { object: string; versionId: string | null } | null;
}

export interface UploadPage {
  uploads: Array<{ object: string; uploadId: string; initiatedAt: Date }>;
  next: { object: string; uploadId: string | null } | null;
}

export interface PartPage {
  parts: Array<{ partNumber: number; sizeBytes: bigint; etag: string }>;
  /** The number after which the next page goes on; null on the last. */
  next: number | null;
}

export interface ObjectDetails {
  sizeBytes: bigint;
  lastModified: Date;
  etag: string;
  contentType: string;
  storageClass: string;
  /** Null in a bucket that was never versioned. */
  versionId: string | null;
  /** User metadata by name without `x-amz-meta-`. */
  metadata: Record<string, string>;
  /** As the engine keeps them, by algorithm (`CRC32`, `SHA256` …) in base64. */
  checksums: Record<string, string>;
  /** Headers that came with the upload, such as `Cache-Control` and `Content-Encoding`. */
  headers: Record<string, string>;
}

export interface ObjectContent extends ObjectDetails {
  body: Readable;
  /** Of this answer: less than the object's for a range. */
  contentLength: bigint;
  /** `bytes 0-99/1000` for a range, else null. */
  contentRange: string | null;
}

export interface PutObjectInput extends BucketInputBy {
  object: string;
  body: Readable;
  contentType: string;
  /**
   * Stores nothing where there is an object of that name already: `already-exists`. For where
   * `capabilities().conditionalWrites` is set. Ceph does not keep to it when an upload in parts is completed: there it
   * is looked at just before, and somebody else's object of the same moment may be replaced.
   */
  ifAbsent?: boolean;
  /** Stops the upload, and aborts what there is of it. */
  signal?: AbortSignal;
}
