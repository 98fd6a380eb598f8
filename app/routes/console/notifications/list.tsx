import { useTranslation } from "react-i18next";
import { Form, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { notificationGroups } from "#app/domain/notifications/kinds.ts";
import { listNotifications } from "#app/domain/notifications/read-notifications.ts";
import { timeZone } from "#app/domain/time-zone.ts";
import { visitContext } from "#app/http/context.ts";
import { load } from "#app/http/handlers.server.ts";
import { localeOf, translator } from "#app/http/i18n.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink, buttonClass } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { sentenceOf } from "./sentence.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listNotifications(context, Object.fromEntries(args.url.searchParams));
    const { user } = args.context.get(visitContext);
    const reader = {
      t: translator(args.context),
      locale: localeOf(args.context),
      timeZone: user?.timeZone ?? timeZone,
    };
    const { group, unread } = page.filter;
    return {
      notifications: page.rows.map((row) => ({
        id: row.id,
        text: sentenceOf(row, reader),
        path: row.path,
        accountName: row.account?.name ?? null,
        createdAt: row.createdAt,
        isRead: row.readAt !== null,
      })),
      filter: page.filter,
      groups: notificationGroups.filter((name) => name !== "operations" || can(context, "accounts:list")),
      search: args.url.search,
      /** What comes later is not on this page, and stays unread when all of it is marked. */
      readAt: new Date().toISOString(),
      ...pagerLinks(page, { ...(group ? { group } : {}), ...(unread ? { unread } : {}) }),
    };
  });
}

export default function Notifications({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { notifications, search, readAt, newer, older } = loaderData;
  return (
    <>
      <PageHeader
        title={t("notifications.title")}
        description={t("notifications.intro")}
        actions={
          <>
            <ButtonLink to="/me/notifications">{t("notifications.preferencesLink")}</ButtonLink>
            {notifications.some(({ isRead }) => !isRead) && (
              <AppForm action={`/notifications/reading${search}`}>
                <input type="hidden" name="until" value={readAt} />
                <SubmitButton>{t("notifications.markAllRead")}</SubmitButton>
              </AppForm>
            )}
          </>
        }
      />
      <Filter {...loaderData} />
      <DataTable
        caption={t("notifications.title")}
        rows={notifications}
        rowKey={({ id }) => id}
        empty={<Nothing filter={loaderData.filter} isFirst={newer === null} />}
        columns={[
          {
            key: "what",
            header: t("notifications.what"),
            cell: ({ text, path, accountName, isRead }) => (
              <>
                <span className={isRead ? "font-normal" : undefined}>
                  {path ? <Link to={path}>{text}</Link> : text}
                </span>
                {accountName && (
                  <span className="block text-sm font-normal text-muted">
                    <span className="sr-only">{t("notifications.account")}: </span>
                    {accountName}
                  </span>
                )}
              </>
            ),
          },
          {
            key: "when",
            header: t("notifications.when"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} />,
          },
          {
            key: "state",
            header: t("notifications.state"),
            cell: ({ id, isRead, text }) =>
              isRead ? (
                <StateTag tone="neutral">{t("notifications.read")}</StateTag>
              ) : (
                <div className="flex flex-wrap items-center gap-2 whitespace-nowrap xl:flex-nowrap">
                  <StateTag tone="info">{t("notifications.unread")}</StateTag>
                  <AppForm action={`/notifications/${id}/reading${search}`}>
                    <SubmitButton variant="secondary">
                      {t("notifications.markRead")}
                      <span className="sr-only">: {text}</span>
                    </SubmitButton>
                  </AppForm>
                </div>
              ),
          },
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}

type ListData = Route.ComponentProps["loaderData"];

function Filter({ filter, groups }: Pick<ListData, "filter" | "groups">) {
  const { t } = useTranslation();
  return (
    <Form role="search" className="mb-4 flex flex-wrap items-end gap-x-5 gap-y-3">
      <label className="block">
        <span className="text-sm font-semibold">{t("notifications.filter")}</span>
        <select name="group" defaultValue={filter.group} className="control mt-1 block">
          <option value="">{t("notifications.anyGroup")}</option>
          {groups.map((group) => (
            <option key={group} value={group}>
              {t(`notifications.groups.${group}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="flex min-h-10 items-center gap-2.5">
        <input type="checkbox" name="unread" defaultChecked={filter.unread === "on"} className="size-5.5" />
        {t("notifications.onlyUnread")}
      </label>
      <button type="submit" className={buttonClass("secondary")}>
        {t("notifications.apply")}
      </button>
    </Form>
  );
}

function Nothing({ filter, isFirst }: Pick<ListData, "filter"> & { isFirst: boolean }) {
  const { t } = useTranslation();
  if (filter.unread && !filter.group && isFirst)
    return <EmptyState title={t("notifications.allRead")}>{t("notifications.allReadAdvice")}</EmptyState>;
  if (filter.unread || filter.group || !isFirst)
    return <EmptyState title={t("notifications.noMatch")}>{t("notifications.noMatchAdvice")}</EmptyState>;
  return <EmptyState title={t("notifications.empty")}>{t("notifications.emptyAdvice")}</EmptyState>;
}
