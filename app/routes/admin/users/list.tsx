import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { listUsers } from "#app/domain/identity/staff/read-users.ts";
import { userFilters } from "#app/domain/identity/staff/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Count, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { Muted, ProviderRole, UserState } from "./user-state.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listUsers(context, Object.fromEntries(args.url.searchParams));
    return {
      users: page.rows,
      filter: page.filter,
      ...pagerLinks(page, page.filter),
      download: `/admin/users.csv?${new URLSearchParams(page.filter)}`,
      canInvite: can(context, "staff-invitations:create"),
    };
  });
}

export default function Users({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { users, newer, older, download, canInvite } = loaderData;
  const { q, state } = loaderData.filter;
  return (
    <>
      <PageHeader
        title={t("users.title")}
        description={t("users.intro")}
        actions={
          <>
            <ButtonLink to="/admin/users/invitations">{t("users.invitations.title")}</ButtonLink>
            {canInvite && (
              <ButtonLink variant="primary" to="/admin/users/invitations/new">
                {t("users.invitations.new.link")}
              </ButtonLink>
            )}
          </>
        }
      />
      <div className="mb-4">
        <SearchForm label={t("users.search")} value={q}>
          <label className="block">
            <span className="text-sm font-semibold">{t("users.show")}</span>
            <select name="state" defaultValue={state} className="control mt-1 block">
              <option value="">{t("users.filters.all")}</option>
              {userFilters.map((value) => (
                <option key={value} value={value}>
                  {t(`users.filters.${value}`)}
                </option>
              ))}
            </select>
          </label>
        </SearchForm>
      </div>
      <DataTable
        caption={t("users.title")}
        rows={users}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t("users.noMatch")}>{t("users.noMatchAdvice")}</EmptyState>}
        columns={[
          {
            key: "name",
            header: t("admin.account.memberName"),
            cell: ({ id, name, email }) => (
              <>
                <Link to={href("/admin/users/:user", { user: id })}>{name}</Link>
                <span className="block text-sm font-normal wrap-anywhere text-muted">{email}</span>
              </>
            ),
          },
          { key: "state", header: t("users.state"), cell: (user) => <UserState state={user.state} /> },
          {
            key: "role",
            header: t("users.staffRole"),
            cell: ({ providerRole }) => <ProviderRole role={providerRole} />,
          },
          {
            key: "accounts",
            header: t("users.accounts"),
            align: "end",
            cell: ({ accounts }) => <Count value={accounts} />,
          },
          {
            key: "secondFactor",
            header: t("users.secondFactor"),
            cell: ({ hasSecondFactor }) =>
              hasSecondFactor ? t("users.yes") : <Muted>{t("users.no")}</Muted>,
          },
          {
            key: "lastSeen",
            header: t("profile.sessions.lastSeenAt"),
            cell: ({ lastSeenAt }) =>
              lastSeenAt ? <Timestamp at={lastSeenAt} /> : <Muted>{t("users.signedOut")}</Muted>,
          },
        ]}
      />
      <Pager newer={newer} older={older} />
      {users.length > 0 && (
        <p className="mt-4">
          <ButtonLink to={download} reloadDocument>
            {t("users.download")}
          </ButtonLink>
        </p>
      )}
    </>
  );
}
