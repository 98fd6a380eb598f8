import { type ByteRange, readRange } from "../../byte-range.ts";
import type { Queryable } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import { findObjectPart } from "../../parts.ts";
import type { S3Request } from "../../request.ts";
import type { StoredChecksum, Version } from "../../versions.ts";
import { readPartNumber } from "../multipart/part-number.ts";
import { rangeApplies } from "./conditions.ts";

/** What a GET sends of an object. */
export type ObjectRange = {
  range: ByteRange;
  /** Whether the client asked for less than the object, so that the answer is 206. */
  isPartial: boolean;
  /** Of what is sent: a client compares it with the bytes that it gets. */
  checksum: StoredChecksum | null;
  /** How many parts the object has, where one of them was asked for. */
  partsCount?: number;
};

/**
 * Reads what a request asks for of an object: the whole, a Range of bytes, or by `partNumber` what one part of its
 * multipart upload became. An object that was uploaded at once is its own first part.
 *
 * @throws S3Error InvalidRange, InvalidArgument, InvalidRequest, InvalidPart
 */
export async function chooseRange(
  database: Queryable,
  { headers, query }: S3Request,
  object: Version,
): Promise<ObjectRange> {
  const whole = {
    range: { first: 0, last: object.sizeBytes - 1 },
    isPartial: false,
    checksum: object.checksum,
  };
  const givenRange = headers.get("range");
  const givenPart = query.get("partNumber");
  if (givenPart === undefined) {
    const applies = givenRange !== undefined && rangeApplies(headers, object.etag, object.modifiedAt);
    const range = applies ? readRange(givenRange, object.sizeBytes) : null;
    return range ? { range, isPartial: true, checksum: null } : whole;
  }

  const partNumber = readPartNumber(givenPart);
  if (givenRange !== undefined) {
    throw new S3Error("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
  }
  if (object.uploadId === null) {
    if (partNumber > 1) throw new S3Error("InvalidPart");
    // There is no Content-Range of nothing.
    return { ...whole, isPartial: object.sizeBytes > 0 };
  }
  const part = await findObjectPart(database, object.uploadId, partNumber);
  if (!part) throw new S3Error("InvalidPart");
  return {
    range: part.range,
    isPartial: true,
    checksum: object.checksum && part.checksum ? { ...object.checksum, value: part.checksum } : null,
    partsCount: part.partsCount,
  };
}
