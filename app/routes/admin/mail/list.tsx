import { useTranslation } from "react-i18next";
import { Form, href, Link } from "react-router";
import { countFailedEmails, listEmails } from "#app/domain/mail/read-mail.ts";
import { listMessages } from "#app/domain/mail/read-previews.ts";
import { emailStates } from "#app/domain/mail/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { Button, ButtonLink } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Count, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { EmailState } from "./email-state.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listEmails(context, Object.fromEntries(args.url.searchParams));
    return {
      emails: page.rows,
      filter: page.filter,
      failed: await countFailedEmails(context),
      messages: listMessages(context),
      ...pagerLinks(page, page.filter),
    };
  });
}

export default function Outbox({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { emails, filter, failed, messages, newer, older } = loaderData;
  const isFiltered = Object.values(filter).some(Boolean) || newer !== null;
  return (
    <>
      <PageHeader
        title={t("mail.title")}
        description={t("mail.intro")}
        actions={<ButtonLink to="/admin/mail/previews">{t("mail.previews.link")}</ButtonLink>}
      />
      {failed > 0 && (
        <div className="mb-6">
          <Notice tone="danger" title={t("mail.failed", { count: failed })}>
            <p>{t("mail.failedAdvice")}</p>
            {filter.state !== "failed" && (
              <p className="mt-1">
                <Link to="/admin/mail?state=failed">{t("mail.failedLink")}</Link>
              </p>
            )}
          </Notice>
        </div>
      )}
      <div className="mb-4">
        <Filter filter={filter} messages={messages} />
      </div>
      <DataTable
        caption={t("mail.title")}
        rows={emails}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t(isFiltered ? "mail.noMatch" : "mail.empty")}>
            {t(isFiltered ? "mail.noMatchAdvice" : "mail.emptyAdvice")}
          </EmptyState>
        }
        columns={[
          {
            key: "message",
            header: t("mail.message"),
            cell: ({ id, title }) => <Link to={href("/admin/mail/:email", { email: id })}>{title}</Link>,
          },
          {
            key: "about",
            header: t("mail.about"),
            cell: ({ userId, userName }) =>
              userId ? (
                <Link to={href("/admin/users/:user", { user: userId })}>{userName}</Link>
              ) : (
                <span className="text-muted">{t("mail.nobody")}</span>
              ),
          },
          {
            key: "created",
            header: t("mail.created"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} />,
          },
          {
            key: "state",
            header: t("mail.state"),
            cell: ({ state, lastError }) => (
              <div>
                <EmailState state={state} />
                {lastError && (
                  <span className="mt-1 block text-sm text-muted wrap-anywhere">{lastError}</span>
                )}
              </div>
            ),
          },
          {
            key: "attempts",
            header: t("mail.attempts"),
            align: "end",
            cell: ({ attempts }) => <Count value={attempts} />,
          },
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}

type Loaded = Route.ComponentProps["loaderData"];

function Filter({ filter, messages }: Pick<Loaded, "filter" | "messages">) {
  const { t } = useTranslation();
  return (
    <Form role="search" aria-label={t("mail.title")} className="flex max-w-3xl flex-wrap items-end gap-3">
      <label className="block">
        <span className="text-sm font-semibold">{t("mail.state")}</span>
        <select name="state" defaultValue={filter.state} className="control mt-1 block">
          <option value="">{t("mail.anyState")}</option>
          {emailStates.map((state) => (
            <option key={state} value={state}>
              {t(`mail.states.${state}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="block min-w-0 grow basis-56">
        <span className="text-sm font-semibold">{t("mail.message")}</span>
        <select name="message" defaultValue={filter.message} className="control mt-1 block w-full">
          <option value="">{t("mail.anyMessage")}</option>
          {messages.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit">{t("common.form.search")}</Button>
    </Form>
  );
}
