import { createHmac, hash, timingSafeEqual } from "node:crypto";
import { ALGORITHM, type Claim } from "./claim.ts";
import { S3Error } from "./errors.ts";
import { headerText, type S3Request, uriEncode } from "./request.ts";

/**
 * AWS Signature Version 4, the receiving side: what a claim (claim.ts) says is checked here.
 *
 * Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference.
 */

const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** The part of a signed request that is needed to verify the chunks of its body. */
export type ChunkSigning = { signingKey: Buffer; timestamp: string; scope: string; seedSignature: string };

/**
 * Checks the signature of a request against the secret of the key that it names.
 *
 * A presigned URL's x-amz-* parameters then count as headers; `request.headers` gets them.
 *
 * @param bodySha256 hex digest of the body, for services other than S3, whose requests do not name it in a header
 * @returns the payload hash that was signed, and what the chunks of a streamed body are verified with
 * @throws S3Error SignatureDoesNotMatch; AccessDenied for an x-amz-* header that the signature does not cover
 */
export function verifyClaim(
  request: S3Request,
  claim: Claim,
  secretAccessKey: string,
  bodySha256?: string,
): { payloadHash: string; chunkSigning: ChunkSigning } {
  for (const name of request.headers.keys()) {
    if (name.startsWith("x-amz-") && !claim.signedHeaders.includes(name)) {
      throw new S3Error("AccessDenied", "There were headers present in the request which were not signed.", {
        details: { HeadersNotSigned: name },
      });
    }
  }
  const payloadHash = signedPayloadHash(request, claim) ?? bodySha256;
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  const scope = `${claim.day}/${claim.region}/${claim.service}/aws4_request`;
  const signingKey = deriveKey(secretAccessKey, claim);
  const isSigned = canonicalPaths(request).some((path) => {
    const canonical = sha256(canonicalRequest(request, path, claim, payloadHash));
    const stringToSign = [ALGORITHM, claim.timestamp, scope, canonical].join("\n");
    const expected = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
    return equalInConstantTime(expected, claim.signature);
  });
  if (!isSigned) throw new S3Error("SignatureDoesNotMatch");

  if (claim.presigned) addHoistedHeaders(request);
  const chunkSigning = { signingKey, timestamp: claim.timestamp, scope, seedSignature: claim.signature };
  return { payloadHash, chunkSigning };
}

function signedPayloadHash(request: S3Request, claim: Claim): string | undefined {
  const header = request.headers.get("x-amz-content-sha256");
  if (!claim.presigned) return header;
  return request.query.get("X-Amz-Content-Sha256") ?? header ?? UNSIGNED_PAYLOAD;
}

/**
 * The path as clients sign it: an encoded slash as it was sent, or as a plain one, which is how the Ceph Object Gateway
 * reads it. Both name the same object. Addresses for browsers encode the slashes next to a dot segment, which would be
 * resolved otherwise, and are signed without that.
 */
function canonicalPaths({ rawPath }: S3Request): string[] {
  const plain = uriEncode(decodeURIComponent(rawPath)).replaceAll("%2F", "/");
  const asSent = rawPath
    .split("/")
    .map((segment) => uriEncode(decodeURIComponent(segment)))
    .join("/");
  return asSent === plain ? [plain] : [asSent, plain];
}

function canonicalRequest(request: S3Request, path: string, claim: Claim, payloadHash: string): string {
  const query = request.parameters
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    // By encoded name, then by encoded value: pure ASCII, so code unit order is byte order.
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const values = headerValues(request);
  const headers = claim.signedHeaders
    .map((name) => `${name}:${values.get(name)?.join(",") ?? ""}\n`)
    .join("");
  return [request.method, path, query, headers, claim.signedHeaders.join(";"), payloadHash].join("\n");
}

/**
 * Values by lower-case name, as signatures cover them. From the raw list, since Node's own joins with ", " and drops
 * repetitions of some headers. In one pass: a look through all headers for each signed one would let a request of
 * 64 KB take seconds, from anyone who has seen an access key id.
 */
function headerValues(request: S3Request): Map<string, string[]> {
  const raw = request.http.rawHeaders;
  const values = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? "").toLowerCase();
    const value = headerText(raw[i + 1] ?? "")
      .trim()
      .replace(/\s+/g, " ");
    const earlier = values.get(name);
    if (earlier) earlier.push(value);
    else values.set(name, [value]);
  }
  return values;
}

/**
 * SDKs move x-amz-* headers of a presigned request into its query.
 *
 * Checksums among them are ignored, as Amazon ignores them: Amazon's JavaScript SDK signs, by default, the checksum
 * of the empty body that it had when it made the URL.
 */
function addHoistedHeaders(request: S3Request): void {
  for (const [name, value] of request.parameters) {
    const header = name.toLowerCase();
    if (!header.startsWith("x-amz-") || PRESIGN_PARAMETERS.has(header)) continue;
    if (header.startsWith("x-amz-checksum-") || header === "x-amz-sdk-checksum-algorithm") continue;
    // Whatever Node would not take from a header cannot be sent back in one either.
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(header) || !/^[\t\x20-\x7e\x80-\uffff]*$/.test(value)) {
      throw new S3Error("InvalidArgument", "A query parameter cannot stand for a header.");
    }
    if (!request.headers.has(header)) {
      request.headers.set(header, Buffer.from(value, "utf8").toString("latin1"));
    }
  }
}

/** The parameters that authenticate a presigned URL, in lower case. */
const PRESIGN_PARAMETERS: ReadonlySet<string> = new Set([
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-signedheaders",
  "x-amz-signature",
  "x-amz-content-sha256",
]);

// A key's requests of one day are all signed with the same. The bound only keeps the memory finite.
const signingKeys = new Map<string, Buffer>();
const SIGNING_KEYS_MAX = 1_000;

function deriveKey(secretAccessKey: string, { day, region, service }: Claim): Buffer {
  const name = JSON.stringify([secretAccessKey, day, region, service]);
  let signingKey = signingKeys.get(name);
  if (!signingKey) {
    signingKey = [day, region, service, "aws4_request"].reduce<Buffer>(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`, "utf8"),
    );
    if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear();
    signingKeys.set(name, signingKey);
  }
  return signingKey;
}

/** Hex digest. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)];
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
