import { S3Error } from "../errors.ts";
import type { S3Request } from "../request.ts";

const MAX_FORM_BYTES = 256 * 1024;

/**
 * Reads the small body of a request that is not authenticated yet.
 *
 * @throws S3Error EntityTooLarge, IncompleteBody
 */
export async function readForm(request: S3Request): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const piece of request.http.iterator({ destroyOnReturn: false })) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_FORM_BYTES) throw new S3Error("EntityTooLarge");
      pieces.push(piece);
    }
  } catch (error) {
    throw error instanceof S3Error ? error : new S3Error("IncompleteBody");
  }
  return Buffer.concat(pieces);
}
