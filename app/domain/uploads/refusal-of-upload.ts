import type { Readable } from "node:stream";
import { StorageError } from "#app/ports/storage/errors.ts";
import { DomainError } from "../errors.ts";

/**
 * What a person is told where the engine did not take an object, as far as it is not what `fromEngine` says of any
 * change. Any other error as it is.
 */
export function refusalOfUpload(error: unknown, content?: Readable): unknown {
  // The sender broke off: the engine was only told so.
  if (content?.errored instanceof DomainError) return content.errored;
  if (!(error instanceof StorageError)) return error;
  if (error.code === "quota-exceeded") return new DomainError("storage-full");
  if (error.code === "already-exists") return new DomainError("object-exists");
  return error;
}
