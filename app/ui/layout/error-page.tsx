import { useTranslation } from "react-i18next";
import { isRouteErrorResponse } from "react-router";
import { ButtonLink } from "../form/button.tsx";
import { AuthLayout } from "./auth-layout.tsx";
import { PageTitle } from "./page-title.tsx";

const pageOf: Record<number, ErrorPageName> = {
  400: "badRequest",
  401: "unauthenticated",
  403: "forbidden",
  404: "notFound",
  405: "badRequest",
  409: "conflict",
  413: "badRequest",
  415: "badRequest",
  422: "unprocessable",
  429: "tooManyRequests",
  503: "unavailable",
};

/** Refusals whose own words would only repeat the page's title. */
const saidByTitle = new Set<string | undefined>([
  "unauthenticated",
  "forbidden",
  "not-found",
  "conflict",
  "engine-unavailable",
  "internal",
  "link-invalid",
]);

type ErrorPageName =
  | "badRequest"
  | "linkInvalid"
  | "unauthenticated"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "unprocessable"
  | "tooManyRequests"
  | "unexpected"
  | "unavailable";

/** What a thrown `data()` may say besides its status; whatever else it holds is not shown. */
export interface ErrorDetails {
  /** Which refusal it is, where the domain refused. */
  code?: string;
  /** For people, in their language. */
  message?: string;
  /** Finds the failure in our logs. */
  requestId?: string;
}

/** An error as a page of its own, for whatever a route or the router threw. */
export function ErrorPage({ error }: { error: unknown }) {
  return (
    <AuthLayout>
      <ErrorContent error={error} />
    </AuthLayout>
  );
}

/** The same within a layout: an `ErrorBoundary` below one keeps its navigation. */
export function ErrorContent({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const { code, message, requestId } = errorDetails(error);
  const isDeadLink = code === "link-invalid";
  const page = isDeadLink ? "linkInvalid" : (pageOf[status] ?? (status < 500 ? "badRequest" : "unexpected"));
  const title = t(`errors.page.${page}.title`);
  return (
    <>
      <PageTitle title={title} />
      <p className="text-sm text-muted">{t("errors.page.status", { status })}</p>
      <h1 className="mt-1 text-2xl">{title}</h1>
      {message && !saidByTitle.has(code) && <p className="mt-3 font-semibold">{message}</p>}
      <p className="mt-3">{t(`errors.page.${page}.advice`)}</p>
      {requestId && status >= 500 && (
        <p className="mt-3 text-sm text-muted">
          <code>{t("errors.page.reference", { requestId })}</code>
        </p>
      )}
      <p className="mt-6">
        {status === 401 || isDeadLink ? (
          <ButtonLink to="/login" variant="primary">
            {t("common.signIn")}
          </ButtonLink>
        ) : (
          <ButtonLink to="/" variant="primary" reloadDocument>
            {t("errors.page.goHome")}
          </ButtonLink>
        )}
      </p>
    </>
  );
}

function errorDetails(error: unknown): ErrorDetails {
  const details: unknown = isRouteErrorResponse(error) ? error.data : undefined;
  if (typeof details !== "object" || details === null) return {};
  const { code, message, requestId } = details as Record<string, unknown>;
  return {
    code: typeof code === "string" ? code : undefined,
    message: typeof message === "string" ? message : undefined,
    requestId: typeof requestId === "string" ? requestId : undefined,
  };
}
