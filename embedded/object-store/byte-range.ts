import { S3Error } from "./errors.ts";

/** Positions of bytes, both inclusive. */
export type ByteRange = { first: number; last: number };

/**
 * Reads a Range header. Several ranges, other units and ones that make no sense are ignored, as RFC 9110 allows and
 * Amazon does.
 *
 * @returns null where the whole object is to be sent
 * @throws S3Error InvalidRange where the range lies beyond the object's end
 */
export function readRange(header: string, sizeBytes: number): ByteRange | null {
  // No room for spaces: two runs of them side by side take time that is quadratic in their length.
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header.trim());
  if (!match) return null;
  const [, from, to] = match as unknown as [string, string, string];
  if (from === "" && to === "") return null;

  const first = from === "" ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) return null;
  if (first >= sizeBytes) {
    throw new S3Error("InvalidRange", undefined, {
      details: { RangeRequested: header, ActualObjectSize: sizeBytes },
      headers: { "content-range": `bytes */${sizeBytes}` },
    });
  }
  return { first, last };
}
