import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { S3Error } from "./errors.ts";
import { headerText, type S3Request, uriEncode } from "./request.ts";

/**
 * AWS Signature Version 4, the receiving side.
 *
 * Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference.
 */

const ALGORITHM = "AWS4-HMAC-SHA256";
const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** What a request claims about who signed it, well-formed and in time, but not verified. */
export type Claim = {
  accessKeyId: string;
  presigned: boolean;
  /** `20260131T120000Z` */
  timestamp: string;
  day: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
};

/** The part of a signed request that is needed to verify the chunks of its body. */
export type ChunkSigning = { signingKey: Buffer; timestamp: string; scope: string; seedSignature: string };

/**
 * Reads the Authorization header or the parameters of a presigned URL.
 *
 * @param now milliseconds since the epoch
 * @returns null for an anonymous request
 * @throws S3Error where the claim is malformed, for another region, expired or from another time
 */
export function readClaim(request: S3Request, region: string, now: number): Claim | null {
  const authorization = request.headers.get("authorization");
  const presigned = request.query.has("X-Amz-Algorithm") || request.query.has("X-Amz-Signature");
  if (authorization !== undefined && presigned) {
    throw new S3Error("InvalidArgument", "Only one authentication mechanism is allowed.");
  }
  if (presigned) return readPresignedClaim(request, region, now);
  if (authorization !== undefined) return readHeaderClaim(request, authorization, region, now);
  // Signature Version 2 in a URL, which old clients still make when nobody tells them otherwise.
  if (request.query.has("AWSAccessKeyId")) throw unsupportedMechanism();
  return null;
}

function readHeaderClaim(request: S3Request, authorization: string, region: string, now: number): Claim {
  if (!authorization.startsWith(`${ALGORITHM} `)) throw unsupportedMechanism();
  const fields = new Map<string, string>();
  for (const field of authorization.slice(ALGORITHM.length).split(",")) {
    const equals = field.indexOf("=");
    fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  }
  const [credential, signedHeaders, signature] = [
    fields.get("Credential"),
    fields.get("SignedHeaders"),
    fields.get("Signature"),
  ];
  if (!credential || !signedHeaders || !signature) throw new S3Error("AuthorizationHeaderMalformed");

  const timestamp = requestTimestamp(request);
  const signedAt = parseTimestamp(timestamp);
  if (Math.abs(now - signedAt) > MAX_SKEW_MS) throw new S3Error("RequestTimeTooSkewed");
  return checkClaim("AuthorizationHeaderMalformed", region, {
    ...parseCredential(credential, "AuthorizationHeaderMalformed"),
    presigned: false,
    timestamp,
    signedHeaders: signedHeaders.split(";"),
    signature,
  });
}

function unsupportedMechanism(): S3Error {
  return new S3Error(
    "InvalidRequest",
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

function readPresignedClaim(request: S3Request, region: string, now: number): Claim {
  const parameter = (name: string) => {
    const values = request.parameters.filter(([given]) => given === name);
    if (values.length !== 1 || !values[0]?.[1]) throw new S3Error("AuthorizationQueryParametersError");
    return values[0][1];
  };
  if (parameter("X-Amz-Algorithm") !== ALGORITHM) {
    throw new S3Error("AuthorizationQueryParametersError", `X-Amz-Algorithm only supports "${ALGORITHM}".`);
  }
  const expires = parameter("X-Amz-Expires");
  if (!/^\d{1,6}$/.test(expires) || Number(expires) < 1 || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw new S3Error(
      "AuthorizationQueryParametersError",
      `X-Amz-Expires must be a number of seconds from 1 to ${MAX_EXPIRES_SECONDS}.`,
    );
  }
  const timestamp = parameter("X-Amz-Date");
  const signedAt = parseTimestamp(timestamp);
  if (now > signedAt + Number(expires) * 1000) throw new S3Error("AccessDenied", "Request has expired");
  if (now < signedAt - MAX_SKEW_MS) throw new S3Error("AccessDenied", "Request is not yet valid");
  return checkClaim("AuthorizationQueryParametersError", region, {
    ...parseCredential(parameter("X-Amz-Credential"), "AuthorizationQueryParametersError"),
    presigned: true,
    timestamp,
    signedHeaders: parameter("X-Amz-SignedHeaders").split(";"),
    signature: parameter("X-Amz-Signature"),
  });
}

type MalformedCode = "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError";

/** `accessKeyId/20260131/us-east-1/s3/aws4_request` */
function parseCredential(credential: string, malformed: MalformedCode) {
  const parts = credential.split("/");
  const [day, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (!accessKeyId || !day || !region || !service || terminator !== "aws4_request") {
    throw new S3Error(malformed, "The credential is malformed.");
  }
  return { accessKeyId, day, region, service };
}

function checkClaim(malformed: MalformedCode, region: string, claim: Claim): Claim {
  if (claim.day !== claim.timestamp.slice(0, 8)) {
    throw new S3Error(malformed, "The credential's date does not match the request's.");
  }
  if (claim.service !== "s3" && claim.service !== "iam") {
    throw new S3Error(malformed, "The credential's service must be s3.");
  }
  // us-east-1 is what clients sign for when nobody told them a region.
  if (claim.region !== region && claim.region !== "us-east-1") {
    throw new S3Error(malformed, `The region '${claim.region}' is wrong; expecting '${region}'.`, {
      details: { Region: region },
    });
  }
  if (!claim.signedHeaders.includes("host")) {
    throw new S3Error("SignatureDoesNotMatch", "The host header must be signed.");
  }
  return claim;
}

function requestTimestamp(request: S3Request): string {
  const given = request.headers.get("x-amz-date");
  if (given !== undefined) return given;
  const date = new Date(request.headers.get("date") ?? "");
  if (Number.isNaN(date.getTime())) {
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header.");
  }
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

function parseTimestamp(timestamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  const time = match
    ? Date.parse(timestamp.replace(/^(....)(..)(..T..)(..)(..)Z$/, "$1-$2-$3:$4:$5Z"))
    : Number.NaN;
  if (Number.isNaN(time)) {
    throw new S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header.");
  }
  return time;
}

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
  const stringToSign = [
    ALGORITHM,
    claim.timestamp,
    scope,
    sha256(canonicalRequest(request, claim, payloadHash)),
  ];
  const signingKey = deriveKey(secretAccessKey, claim);
  const expected = createHmac("sha256", signingKey).update(stringToSign.join("\n")).digest("hex");
  if (!equalInConstantTime(expected, claim.signature)) throw new S3Error("SignatureDoesNotMatch");

  if (claim.presigned) addHoistedHeaders(request);
  const chunkSigning = { signingKey, timestamp: claim.timestamp, scope, seedSignature: claim.signature };
  return { payloadHash, chunkSigning };
}

function signedPayloadHash(request: S3Request, claim: Claim): string | undefined {
  const header = request.headers.get("x-amz-content-sha256");
  if (!claim.presigned) return header;
  return request.query.get("X-Amz-Content-Sha256") ?? header ?? UNSIGNED_PAYLOAD;
}

function canonicalRequest(request: S3Request, claim: Claim, payloadHash: string): string {
  const path = request.rawPath
    .split("/")
    .map((segment) => uriEncode(decodeURIComponent(segment)))
    .join("/");
  const query = request.parameters
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    // By encoded name, then by encoded value: pure ASCII, so code unit order is byte order.
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const headers = claim.signedHeaders.map((name) => `${name}:${signedHeaderValue(request, name)}\n`).join("");
  return [request.method, path, query, headers, claim.signedHeaders.join(";"), payloadHash].join("\n");
}

/** From the raw list, since Node's own joins with ", " and drops repetitions of some headers. */
function signedHeaderValue(request: S3Request, name: string): string {
  const raw = request.http.rawHeaders;
  const values: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() === name) {
      values.push(
        headerText(raw[i + 1] ?? "")
          .trim()
          .replace(/\s+/g, " "),
      );
    }
  }
  return values.join(",");
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

function deriveKey(secretAccessKey: string, claim: Claim): Buffer {
  return [claim.day, claim.region, claim.service, "aws4_request"].reduce<Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`, "utf8"),
  );
}

/** Hex digest. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)];
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
