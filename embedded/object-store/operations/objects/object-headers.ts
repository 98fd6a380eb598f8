import { S3Error } from "../../errors.ts";
import { headerText } from "../../request.ts";
import { readPrivateAcl } from "../acl.ts";

/**
 * Amazon's limit on the names and values of x-amz-meta-* headers together, and again on those of the other headers
 * that are kept: no quota counts them.
 */
const MAX_METADATA_BYTES = 2048;

const STORED_HEADERS = [
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "expires",
];

/** What is stored of a PUT's headers and sent back with the object. Values have one character per byte. */
export type ObjectHeaders = { headers: Record<string, string>; metadata: Record<string, string> };

/**
 * Reads the headers that an object keeps.
 *
 * @throws S3Error MetadataTooLarge; NotImplemented or InvalidStorageClass for an ACL or storage class other than the
 *   one there is
 */
export function readObjectHeaders(given: Map<string, string>): ObjectHeaders {
  readPrivateAcl(given);
  if ((given.get("x-amz-storage-class") ?? "STANDARD") !== "STANDARD")
    throw new S3Error("InvalidStorageClass");

  const headers: Record<string, string> = {};
  for (const name of STORED_HEADERS) {
    const value = given.get(name);
    if (value !== undefined) headers[name] = value;
  }
  const encoding = contentEncoding(given.get("content-encoding"));
  if (encoding !== "") headers["content-encoding"] = encoding;
  const headerBytes = Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length,
    0,
  );
  if (headerBytes > MAX_METADATA_BYTES) throw new S3Error("MetadataTooLarge");

  const metadata: Record<string, string> = {};
  let metadataBytes = 0;
  for (const [name, value] of given) {
    if (!name.startsWith("x-amz-meta-")) continue;
    const key = name.slice("x-amz-meta-".length);
    metadata[key] = value;
    metadataBytes += key.length + value.length;
  }
  if (metadataBytes > MAX_METADATA_BYTES) throw new S3Error("MetadataTooLarge");
  return { headers, metadata };
}

/** aws-chunked is how the body travelled, not how the object is encoded. */
function contentEncoding(value: string | undefined): string {
  return (value ?? "")
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "aws-chunked")
    .join(", ");
}

/**
 * The headers of an answer that an object's own headers and metadata make.
 *
 * @param userAgent of the client that reads them
 */
export function sentHeaders(
  { headers, metadata }: ObjectHeaders,
  userAgent: string | undefined,
): Record<string, string> {
  const sent: Record<string, string> = { "content-type": "binary/octet-stream", ...headers };
  const write = READS_LATIN1.test(userAgent ?? "") ? inLatin1 : (value: string) => value;
  for (const [name, value] of Object.entries(metadata)) sent[`x-amz-meta-${name}`] = write(value);
  return sent;
}

/**
 * boto3, the AWS CLI and Amazon's SDK for JavaScript send metadata in UTF-8 (the last one sometimes) and take what
 * comes back for Latin-1, as Python's and Node's HTTP do: other letters than they were given. Go and curl take bytes.
 */
const READS_LATIN1 = /\b(botocore|aws-sdk-js)\//i;

/** The same text in Latin-1, if it fits. */
function inLatin1(value: string): string {
  const text = headerText(value);
  return /^[\0-\xff]*$/.test(text) ? text : value;
}
