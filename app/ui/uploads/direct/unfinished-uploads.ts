import type { OpenUpload } from "./upload-api.ts";

/** An upload that this browser began and has not completed; goes on when its file is chosen again. */
export interface UnfinishedUpload extends OpenUpload {
  bucket: string;
  sizeBytes: number;
  partSizeBytes: number;
  /** Of the file, in milliseconds since 1970: with its name and size, whether it is the same one. */
  lastModified: number;
}

const storageKey = "balde-uploads";

/** Those into a bucket, oldest first; none where the browser keeps nothing. */
export function unfinishedUploads(bucket: string): UnfinishedUpload[] {
  return read().filter((upload) => upload.bucket === bucket);
}

export function rememberUpload(upload: UnfinishedUpload): void {
  write([...read().filter(({ uploadId }) => uploadId !== upload.uploadId), upload]);
}

export function forgetUpload({ uploadId }: OpenUpload): void {
  write(read().filter((upload) => upload.uploadId !== uploadId));
}

/** The one that this file belongs to. A browser tells no more of a file than its name, size and time. */
export function unfinishedUploadOf(bucket: string, key: string, file: File): UnfinishedUpload | undefined {
  return unfinishedUploads(bucket).find(
    (upload) =>
      upload.key === key && upload.sizeBytes === file.size && upload.lastModified === file.lastModified,
  );
}

function read(): UnfinishedUpload[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isUpload) : [];
  } catch {
    return [];
  }
}

function write(uploads: UnfinishedUpload[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(uploads));
  } catch {
    // Full, or not allowed: the upload goes on, and is not resumed after a reload.
  }
}

function isUpload(value: unknown): value is UnfinishedUpload {
  const upload = value as Partial<Record<keyof UnfinishedUpload, unknown>> | null;
  return (
    typeof upload?.bucket === "string" &&
    typeof upload.key === "string" &&
    typeof upload.uploadId === "string" &&
    typeof upload.sizeBytes === "number" &&
    typeof upload.partSizeBytes === "number" &&
    typeof upload.lastModified === "number"
  );
}
