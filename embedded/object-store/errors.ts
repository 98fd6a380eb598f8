/**
 * An answer that refuses a request, in S3's terms.
 *
 * Codes, statuses and messages are Amazon's ("Error responses", Amazon S3 API reference) or, for the ones marked
 * RGW, the Ceph Object Gateway's.
 */
export class S3Error extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Further elements of the error document, such as `Key` or `BucketName`. */
  readonly details: Record<string, string | number>;
  /** Headers of the answer, such as `Content-Range` beside InvalidRange. */
  readonly headers: Record<string, string>;

  constructor(
    code: ErrorCode,
    message?: string,
    more: { details?: Record<string, string | number>; headers?: Record<string, string> } = {},
  ) {
    super(message ?? ERRORS[code].message);
    this.name = "S3Error";
    this.code = code;
    this.status = ERRORS[code].status;
    this.details = more.details ?? {};
    this.headers = more.headers ?? {};
  }
}

/** What a request hears whose bucket does not exist, or not any more. */
export function noSuchBucket(name: string): S3Error {
  return new S3Error("NoSuchBucket", undefined, { details: { BucketName: name } });
}

export type ErrorCode = keyof typeof ERRORS;

const ERRORS = {
  AccessDenied: { status: 403, message: "Access Denied" },
  AccessForbidden: {
    status: 403,
    message:
      "CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
  },
  AuthorizationHeaderMalformed: { status: 400, message: "The authorization header is malformed." },
  AuthorizationQueryParametersError: {
    status: 400,
    message: "Query-string authentication parameters are missing or malformed.",
  },
  BadDigest: {
    status: 400,
    message: "The Content-MD5 or checksum you specified did not match what we received.",
  },
  BadRequest: { status: 400, message: "Bad Request" },
  // RGW answers this also when a user that still owns buckets is to be removed without purging its data.
  BucketAlreadyExists: { status: 409, message: "The requested bucket name is not available." },
  BucketNotEmpty: { status: 409, message: "The bucket you tried to delete is not empty." },
  EntityTooLarge: { status: 400, message: "Your proposed upload exceeds the maximum allowed object size." },
  EntityTooSmall: {
    status: 400,
    message: "Your proposed upload is smaller than the minimum allowed size",
  },
  IllegalLocationConstraintException: {
    status: 400,
    message: "The specified location constraint is not valid.",
  },
  IllegalVersioningConfigurationException: {
    status: 400,
    message: "The Versioning element must be specified",
  },
  IncompleteBody: {
    status: 400,
    message: "You did not provide the number of bytes specified by the Content-Length HTTP header.",
  },
  InternalError: { status: 500, message: "We encountered an internal error. Please try again." },
  InvalidAccessKeyId: {
    status: 403,
    message: "The AWS access key id you provided does not exist in our records.",
  },
  InvalidArgument: { status: 400, message: "Invalid Argument" },
  InvalidBucketName: { status: 400, message: "The specified bucket is not valid." },
  InvalidDigest: {
    status: 400,
    message: "The Content-MD5 or checksum value that you specified is not valid.",
  },
  InvalidPart: {
    status: 400,
    message:
      "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.",
  },
  InvalidPartOrder: {
    status: 400,
    message:
      "The list of parts was not in ascending order. Parts list must be specified in order by part number.",
  },
  InvalidRange: { status: 416, message: "The requested range is not satisfiable." },
  InvalidRequest: { status: 400, message: "Invalid Request" },
  InvalidStorageClass: { status: 400, message: "The storage class you specified is not valid." },
  InvalidTag: { status: 400, message: "The tag provided was not a valid tag." },
  InvalidToken: { status: 400, message: "The provided token is malformed or otherwise not valid." },
  InvalidURI: { status: 400, message: "Couldn't parse the specified URI." },
  KeyExists: { status: 409, message: "The access key belongs to another user." }, // RGW
  KeyTooLongError: { status: 400, message: "Your key is too long." },
  MalformedPolicyDocument: { status: 400, message: "The policy document is malformed." }, // IAM
  MalformedTrailerError: {
    status: 400,
    message: "The request contained trailing data that was not well-formed.",
  },
  MalformedXML: {
    status: 400,
    message: "The XML you provided was not well-formed or did not validate against our published schema.",
  },
  MetadataTooLarge: {
    status: 400,
    message: "Your metadata headers exceed the maximum allowed metadata size.",
  },
  MethodNotAllowed: { status: 405, message: "The specified method is not allowed against this resource." },
  MissingContentLength: { status: 411, message: "You must provide the Content-Length HTTP header." },
  MissingSecurityHeader: { status: 400, message: "Your request was missing a required header" },
  NoSuchBucket: { status: 404, message: "The specified bucket does not exist." },
  NoSuchCORSConfiguration: { status: 404, message: "The CORS configuration does not exist" },
  NoSuchEntity: { status: 404, message: "The entity does not exist." }, // IAM
  NoSuchLifecycleConfiguration: { status: 404, message: "The lifecycle configuration does not exist" },
  NoSuchKey: { status: 404, message: "The specified key does not exist." },
  NoSuchTagSet: { status: 404, message: "The TagSet does not exist" },
  NoSuchUpload: {
    status: 404,
    message:
      "The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.",
  },
  NoSuchUser: { status: 404, message: "The user does not exist." }, // RGW
  NoSuchVersion: { status: 404, message: "The specified version does not exist." },
  NotImplemented: {
    status: 501,
    message: "A header or query you provided implies functionality that is not implemented.",
  },
  NotModified: { status: 304, message: "Not Modified" },
  PreconditionFailed: {
    status: 412,
    message: "At least one of the preconditions you specified did not hold.",
  },
  QuotaExceeded: { status: 403, message: "The quota of this bucket or of its owner is exceeded." }, // RGW
  RequestTimeTooSkewed: {
    status: 403,
    message: "The difference between the request time and the server's time is too large.",
  },
  ServiceUnavailable: { status: 503, message: "Service is unable to handle request. Please try again." },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  },
  TooManyBuckets: { status: 400, message: "You have attempted to create more buckets than allowed." },
  UserAlreadyExists: { status: 409, message: "The user exists already." }, // RGW
  UserSuspended: { status: 403, message: "The user is suspended." }, // RGW
  XAmzContentSHA256Mismatch: {
    status: 400,
    message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
  },
} as const satisfies Record<string, { status: number; message: string }>;
