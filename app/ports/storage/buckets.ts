import type { AccessKeyPair } from "./tenants.ts";

export interface BucketInput {
  managementKey: AccessKeyPair;
  bucket: string;
}

export interface BucketStats {
  bucket: string;
  /** All versions and uploaded parts: what the quota counts. */
  sizeBytes: bigint;
  /** All versions and delete markers, as the engine counts them. */
  objectCount: bigint;
  /** What `sizeBytes` is made of; null where the engine cannot tell (`capabilities().storageBreakdown`). */
  breakdown: StorageBreakdown | null;
}

/** In bytes; together they are the bucket's size. */
export interface StorageBreakdown {
  currentBytes: bigint;
  /** Of older versions, which a plain listing does not show. */
  noncurrentBytes: bigint;
  /** Of parts of uploads that are not completed. */
  incompleteUploadBytes: bigint;
}

export interface UsageHour {
  /** A bucket's name, of a deleted bucket too. */
  bucket: string;
  /** Start of the UTC hour. */
  hour: Date;
  /** Whose: the tenant's, or Balde's own as far as the engine can tell. */
  traffic: "tenant" | "management";
  /** Successful requests that read an object or its attributes. */
  readRequests: bigint;
  /** All other successful requests: writes, copies, deletions, lists. */
  writeRequests: bigint;
  /** Body bytes from the client to the engine. */
  ingressBytes: bigint;
  /** Body bytes from the engine to the client. */
  egressBytes: bigint;
}
