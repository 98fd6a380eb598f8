import { z } from "zod";
import { objectKeyInput, objectPrefixInput } from "../objects/object-name.ts";
import { mostParts, mostSizeBytes } from "./part-size.ts";

/** What the form says besides the files. */
export const uploadForm = z.object({
  /** What stands before each file's name; a folder of it ends in a slash. */
  prefix: objectPrefixInput.default(""),
  /** A tick: what is there under the same name stays, and the file is not stored. */
  keepExisting: z.literal("on", "invalid").optional(),
});

/**
 * The type that a browser or a client claims. What is no type, or is longer than any, is as good as none: it must not
 * keep a file from being stored.
 */
const contentType = z
  .string()
  // The audit log keeps it, for years.
  .max(255)
  .regex(/^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}( *; *[\w-]{1,40}=[\w."/+-]{1,100})*$/)
  .catch("application/octet-stream");

const place = z.object({ bucketId: z.uuid(), key: objectKeyInput });

/** One file that arrives as a stream: its `content` is none of a schema's business. */
export const uploadFileInput = place.extend({ contentType, keepExisting: z.boolean().default(false) });

/** An upload whose parts the client sends to the engine itself. */
export const beginUploadInput = place.extend({
  sizeBytes: z.coerce.number().int().min(0).max(mostSizeBytes, "objectTooBig"),
  contentType,
  keepExisting: z.boolean().default(false),
});

/** One that was begun. The id is the engine's own. */
export const openUploadInput = place.extend({ uploadId: z.string().min(1).max(1024) });

export const signPartsInput = openUploadInput.extend({
  partNumbers: z.array(z.int().min(1).max(mostParts)).min(1).max(100),
});

export const completeUploadInput = openUploadInput.extend({
  /** As it was begun with: what is put together must be as large. */
  sizeBytes: beginUploadInput.shape.sizeBytes,
  keepExisting: z.boolean().default(false),
});
