/**
 * Every way in which the domain says no. `app/http/errors.server.ts` has the one table from code to
 * HTTP status; `errors.json` of each language has the words for each code.
 */
export const domainErrorCodes = [
  // 400
  "invalid-input",
  "unreadable-body",
  // 401
  "unauthenticated",
  "wrong-credentials",
  "sign-in-over",
  // 403
  "forbidden",
  "second-factor-required",
  "reauthentication-required",
  "cross-site",
  // 404
  "not-found",
  // 405
  "method-not-allowed",
  // 409: the thing is not (or no longer) in the state that this needs
  "conflict",
  "email-taken",
  "document-taken",
  "bucket-name-taken",
  "already-decided",
  "already-done",
  "account-in-use",
  "tenant-taken",
  "secret-already-shown",
  "identity-taken",
  "already-member",
  "already-invited",
  "settings-changed",
  "object-exists",
  "upload-incomplete",
  "survey-under-way",
  // 413, 415
  "body-too-large",
  "unsupported-media-type",
  // 422: a rule of the business
  "account-not-active",
  "quota-exceeded",
  "decision-impossible",
  "unknown-bucket",
  "bucket-not-active",
  "not-supported",
  "storage-full",
  "tenant-unknown",
  "link-invalid",
  "wrong-password",
  "wrong-code",
  "second-factor-needed",
  "identity-unknown",
  "wrong-identity",
  "last-way-in",
  "sign-in-disabled",
  "sign-in-expired",
  "sign-in-declined",
  "provider-refused",
  "last-owner",
  "invitation-for-another",
  "last-operator",
  "own-user",
  "user-disabled",
  // 429
  "too-many-attempts",
  "too-many-surveys",
  // 502, 503
  "engine-refused",
  "engine-unavailable",
  "engine-uncertain",
  "provider-unavailable",
  "overloaded",
  "too-many-uploads",
] as const;

export type DomainErrorCode = (typeof domainErrorCodes)[number];

/** Values that a message may carry, `{ limit: 10 }`. Never a secret: they are shown and audited. */
export type DomainErrorParams = Record<string, string | number>;

/**
 * A refusal that a person can be told about.
 *
 * `field` names the input that it belongs to, so that a form can show it there.
 */
export class DomainError extends Error {
  readonly code: DomainErrorCode;
  readonly params: DomainErrorParams;
  readonly field: string | undefined;

  constructor(code: DomainErrorCode, params: DomainErrorParams & { field?: string } = {}) {
    super(code);
    this.name = "DomainError";
    const { field, ...rest } = params;
    this.code = code;
    this.params = rest;
    this.field = field;
  }
}

/** One problem with one input: where it is, and the key of its words in `validation.json`. */
export interface InputIssue {
  /** Path of the field, `["buckets", 0]`; empty for the input as a whole. */
  path: (string | number)[];
  /** Key below `validation.`, such as `required`. */
  message: string;
  params: Record<string, string | number>;
}

/** Input that does not fit its schema. Nothing was done. */
export class InvalidInput extends DomainError {
  readonly issues: InputIssue[];

  constructor(issues: InputIssue[]) {
    super("invalid-input");
    this.name = "InvalidInput";
    this.issues = issues;
  }
}

/** Past a limit. */
export class TooManyAttempts extends DomainError {
  /** The first beyond the limit, and what the audit log holds of them: the rest would let anybody fill it. */
  readonly isFirst: boolean;

  constructor(seconds: number, isFirst: boolean) {
    super("too-many-attempts", { seconds, minutes: Math.ceil(seconds / 60) });
    this.name = "TooManyAttempts";
    this.isFirst = isFirst;
  }
}
