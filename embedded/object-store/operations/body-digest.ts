import { S3Error } from "../errors.ts";

/**
 * Amazon insists on a digest of a document that makes it delete things, since a damaged one would delete the wrong
 * ones. Whether it is right is found out when the body is read.
 *
 * @throws S3Error InvalidRequest
 */
export function requireBodyDigest(headers: Map<string, string>): void {
  const isGiven = [...headers.keys()].some(
    (name) => name === "content-md5" || name === "x-amz-trailer" || name.startsWith("x-amz-checksum-"),
  );
  if (isGiven) return;
  throw new S3Error(
    "InvalidRequest",
    "Missing required header for this request: Content-MD5 or x-amz-checksum-*",
  );
}
