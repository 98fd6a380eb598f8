import { createHash } from "node:crypto";
import { type BodyWriter, openBody } from "../../bodies.ts";
import type { ObjectChecksum } from "../../body.ts";
import type { ByteRange } from "../../byte-range.ts";
import { type ChecksumAlgorithm, createChecksum } from "../../checksums.ts";
import type { Store } from "../../store.ts";
import type { Version } from "../../versions.ts";

/** What is known of a copied body: its MD5 in hex, and its checksum where one was asked for. */
export type CopiedBody = { md5: string; checksum: ObjectChecksum | null };

/**
 * Copies a range of a version's body into a writer.
 *
 * @returns null where the body was removed since the version was looked up; nothing is written then
 * @throws Error where the body is not what was stored: a copy would pass its damage on under a digest that is right
 */
export async function copyBody(
  store: Store,
  source: Version,
  range: ByteRange,
  algorithm: ChecksumAlgorithm | undefined,
  writer: BodyWriter,
): Promise<CopiedBody | null> {
  const body = await openBody(store, source, range);
  if (body === null) return null;
  const md5 = createHash("md5");
  const checksum = algorithm && createChecksum(algorithm);
  try {
    for await (const piece of Buffer.isBuffer(body) ? [body] : body) {
      md5.update(piece);
      checksum?.update(piece);
      // A piece's memory is used again, and the writer keeps what it was given for a while.
      await writer.write(Buffer.from(piece));
    }
  } finally {
    if (!Buffer.isBuffer(body)) body.destroy();
  }
  const digest = md5.digest("hex");
  const isWhole = range.first === 0 && range.last === source.sizeBytes - 1;
  if (isWhole && source.uploadId === null && digest !== source.etag) {
    throw new Error(`the body of version ${source.id} is damaged`);
  }
  return {
    md5: digest,
    checksum: algorithm && checksum ? { algorithm, value: checksum.digest().toString("base64") } : null,
  };
}
