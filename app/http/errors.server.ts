import { data, type RouterContextProvider } from "react-router";
import { DomainError, type DomainErrorCode, InvalidInput } from "#app/domain/errors.ts";
import { log } from "#app/ports/logger.server.ts";
import { requestContext } from "./context.ts";
import { wordsOf } from "./forms.server.ts";
import { translator } from "./i18n.server.ts";

type Context = Readonly<RouterContextProvider>;

/** The one table from a refusal to its HTTP status. */
const statuses: Record<DomainErrorCode, number> = {
  "invalid-input": 400,
  "unreadable-body": 400,
  unauthenticated: 401,
  "wrong-credentials": 401,
  "sign-in-over": 401,
  forbidden: 403,
  "second-factor-required": 403,
  "reauthentication-required": 403,
  "cross-site": 403,
  "not-found": 404,
  "method-not-allowed": 405,
  conflict: 409,
  "email-taken": 409,
  "document-taken": 409,
  "bucket-name-taken": 409,
  "already-decided": 409,
  "already-done": 409,
  "account-in-use": 409,
  "tenant-taken": 409,
  "secret-already-shown": 409,
  "identity-taken": 409,
  "already-member": 409,
  "already-invited": 409,
  "settings-changed": 409,
  "object-exists": 409,
  "upload-incomplete": 409,
  "survey-under-way": 409,
  "body-too-large": 413,
  "unsupported-media-type": 415,
  "account-not-active": 422,
  "quota-exceeded": 422,
  "decision-impossible": 422,
  "unknown-bucket": 422,
  "bucket-not-active": 422,
  "not-supported": 422,
  "storage-full": 422,
  "tenant-unknown": 422,
  "link-invalid": 422,
  "wrong-password": 422,
  "wrong-code": 422,
  "second-factor-needed": 422,
  "identity-unknown": 422,
  "wrong-identity": 422,
  "last-way-in": 422,
  "sign-in-disabled": 422,
  "sign-in-expired": 422,
  "sign-in-declined": 422,
  "provider-refused": 422,
  "last-owner": 422,
  "invitation-for-another": 422,
  "last-operator": 422,
  "own-user": 422,
  "user-disabled": 422,
  "too-many-attempts": 429,
  "too-many-surveys": 429,
  "engine-refused": 502,
  "engine-unavailable": 503,
  "engine-uncertain": 503,
  "provider-unavailable": 503,
  overloaded: 503,
  "too-many-uploads": 503,
};

/** The HTTP status of a refusal. Where it says when to try again, the root middleware will, too. */
export function statusOf(error: DomainError, context: Context): number {
  const { seconds } = error.params;
  if (typeof seconds === "number") context.get(requestContext).retryAfterSeconds = seconds;
  return statuses[error.code];
}

/** What an error page or a problem document is made from. Holds nothing but what may be shown. */
export interface ErrorData {
  code: DomainErrorCode | "internal";
  message: string;
  requestId: string;
}

/** Throwing the result in a loader or a middleware shows the error page with the right status. */
export function errorPage(error: unknown, context: Context) {
  const { status, body } = explain(error, context);
  return data(body, { status });
}

/** RFC 9457. A field's problems stand under `errors` by its name. */
export function problem(error: unknown, context: Context): Response {
  const { status, body } = explain(error, context);
  const t = translator(context);
  const { code, message, requestId } = body;
  return Response.json(
    {
      type: "about:blank",
      status,
      code,
      title: message,
      requestId,
      ...(error instanceof DomainError && Object.keys(error.params).length > 0
        ? { params: error.params }
        : {}),
      ...(error instanceof InvalidInput
        ? {
            errors: error.issues.map((issue) => ({
              field: issue.path.join("."),
              message: wordsOf(issue, t),
            })),
          }
        : error instanceof DomainError && error.field
          ? { errors: [{ field: error.field, message }] }
          : {}),
    },
    { status, headers: { "Content-Type": "application/problem+json" } },
  );
}

function explain(error: unknown, context: Context): { status: number; body: ErrorData } {
  const t = translator(context);
  const requestId = context.get(requestContext).id;
  if (error instanceof DomainError) {
    return {
      status: statusOf(error, context),
      body: { code: error.code, message: t(`errors.${error.code}`, error.params), requestId },
    };
  }
  // Told to the log, never to the reader (ASVS 16.5.1).
  log.error({ err: error, requestId }, "unexpected error");
  return { status: 500, body: { code: "internal", message: t("errors.internal"), requestId } };
}
