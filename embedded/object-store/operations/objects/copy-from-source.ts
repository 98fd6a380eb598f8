import { S3Error } from "../../errors.ts";
import type { BucketContext, Reply } from "../../operation.ts";
import { type CopySource, requireCopySource } from "./copy-source.ts";

/** Of what is copied in one request, as at Amazon: 5 GiB. */
const MAX_COPY_BYTES = 5 * 2 ** 30;

/** What is copied of a source, and how. */
export type Copy = {
  sizeBytes: number;
  /** @returns null where the source's body is gone since it was looked up */
  run: (reservation: string | null) => Promise<Reply | null>;
};

/**
 * Answers a request that copies: finds its source, reserves space, and copies. A source that is overwritten between the
 * look at its row and at its body is looked up again.
 *
 * @param objectCount 0 for a part, which is no object yet
 * @param plan called for each source that is looked up
 * @throws S3Error InvalidRequest where it is too large; what requireCopySource and `plan` throw
 */
export async function copyFromSource(
  context: BucketContext,
  objectCount: 0 | 1,
  plan: (source: CopySource) => Copy,
): Promise<Reply> {
  const { reservations } = context.store;
  for (let before: number | undefined; ; ) {
    const source = await requireCopySource(context);
    const { sizeBytes, run } = plan(source);
    if (sizeBytes > MAX_COPY_BYTES) {
      throw new S3Error(
        "InvalidRequest",
        `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_BYTES}`,
      );
    }
    const reservation = await reservations.reserve(context.bucket, { sizeBytes, objectCount });
    try {
      const reply = await run(reservation);
      if (reply) {
        reservations.settled(reservation);
        return reply;
      }
    } catch (error) {
      await reservations.release(reservation);
      throw error;
    }
    await reservations.release(reservation);
    // As in GetObject: a body that is gone was overwritten, unless the row is still the same.
    const { id } = source.version;
    if (id === before) throw new Error(`the body of version ${id} is missing`);
    before = id;
  }
}
