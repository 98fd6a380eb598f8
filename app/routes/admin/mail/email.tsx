import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { getEmail } from "#app/domain/mail/read-mail.ts";
import { retryEmail } from "#app/domain/mail/retry-email.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { Count, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/email";
import { EmailState } from "./email-state.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const email = await getEmail(context, uuidOr404(args.params.email));
    const isOver = email.state === "sent" || email.state === "obsolete";
    return { email, canRetry: !isOver && can(context, "emails:retry") };
  });
}

/** Tries it again. */
export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const page = href("/admin/mail/:email", args.params);
  return submitWith(
    args,
    (context) => retryEmail(context, { emailId: uuidOr404(args.params.email) }),
    () => redirectWithFlash(page, t("mail.retried")),
  );
}

export default function Email({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { email, canRetry } = loaderData;
  const isQueued = email.state === "queued";
  useRefreshWhile(isQueued);
  return (
    <>
      <PageHeader
        title={email.title}
        breadcrumbs={[{ label: t("mail.title"), to: "/admin/mail" }]}
        tag={<EmailState state={email.state} />}
        actions={
          <>
            {isQueued && (
              <ButtonLink to={href("/admin/mail/:email", params)}>{t("common.refresh")}</ButtonLink>
            )}
            {canRetry && (
              <AppForm>
                <SubmitButton>{t("mail.retry")}</SubmitButton>
              </AppForm>
            )}
          </>
        }
      />
      <Standing email={email} />
      <Card>
        <DescriptionList items={useFacts(email)} />
      </Card>
    </>
  );
}

type Shown = Route.ComponentProps["loaderData"]["email"];

const advice = {
  queued: "mail.queuedAdvice",
  failed: "mail.failedAdvice",
  obsolete: "mail.obsoleteAdvice",
} as const;

/** What the state means, and what the mail server said last. */
function Standing({ email: { state, lastError } }: { email: Shown }) {
  const { t } = useTranslation();
  if (state === "sent") return null;
  return (
    <div className="mb-6">
      <Notice tone={state === "failed" ? "danger" : lastError ? "warning" : "info"}>
        <p>{t(advice[state])}</p>
        {lastError && (
          <p className="mt-2">
            {t("mail.lastError")}: <code className="wrap-anywhere">{lastError}</code>
          </p>
        )}
      </Notice>
    </div>
  );
}

function useFacts(email: Shown) {
  const { t } = useTranslation();
  const times = [
    { term: t("mail.created"), at: email.createdAt },
    { term: t("mail.lastTried"), at: email.lastTriedAt },
    { term: t("mail.closed"), at: email.closedAt },
  ];
  return [
    {
      term: t("mail.about"),
      details: email.userId ? (
        <Link to={href("/admin/users/:user", { user: email.userId })}>{email.userName}</Link>
      ) : (
        t("mail.nobody")
      ),
    },
    ...(email.accountSlug
      ? [
          {
            term: t("mail.account"),
            details: (
              <Link to={href("/admin/accounts/:account", { account: email.accountSlug })}>
                {email.accountName}
              </Link>
            ),
          },
        ]
      : []),
    { term: t("mail.attempts"), details: <Count value={email.attempts} /> },
    ...times.flatMap(({ term, at }) => (at ? [{ term, details: <Timestamp at={at} style="exact" /> }] : [])),
    { term: t("mail.previews.name"), details: <code>{email.message}</code> },
    { term: t("mail.id"), details: <code className="break-all">{email.id}</code> },
  ];
}
