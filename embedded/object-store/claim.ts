import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";

/** The only algorithm there is here: AWS Signature Version 4. */
export const ALGORITHM = "AWS4-HMAC-SHA256";

const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

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
  if (!/^-?\d{1,6}$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw new S3Error(
      "AuthorizationQueryParametersError",
      `X-Amz-Expires must be a number of seconds from 1 to ${MAX_EXPIRES_SECONDS}.`,
    );
  }
  const timestamp = parameter("X-Amz-Date");
  const signedAt = parseTimestamp(timestamp);
  // What was made to expire at once, or before it was made, has expired whatever the clocks say.
  if (Number(expires) < 1 || now > signedAt + Number(expires) * 1000) {
    throw new S3Error("AccessDenied", "Request has expired");
  }
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
  // A name that comes again would be signed again, with all of its values.
  if (new Set(claim.signedHeaders).size < claim.signedHeaders.length) {
    throw new S3Error(malformed, "A signed header is named twice.");
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
