import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { listAccounts } from "#app/domain/accounts/read-accounts.ts";
import { accountStates } from "#app/domain/accounts/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listAccounts(context, Object.fromEntries(args.url.searchParams));
    return {
      filter: page.filter,
      accounts: page.rows.map((account) => ({ ...account, document: formatDocument(account.document) })),
      ...pagerLinks(page, page.filter),
    };
  });
}

export default function AdminAccounts({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { accounts, newer, older } = loaderData;
  const { q, state } = loaderData.filter;
  return (
    <>
      <PageHeader title={t("admin.accounts.title")} />
      <div className="mb-4">
        <SearchForm label={t("admin.accounts.search")} value={q}>
          <label className="block">
            <span className="text-sm font-semibold">{t("accounts.state")}</span>
            <select name="state" defaultValue={state} className="control mt-1 block">
              <option value="">{t("admin.accounts.anyState")}</option>
              {accountStates.map((value) => (
                <option key={value} value={value}>
                  {t(`accounts.states.${value}`)}
                </option>
              ))}
            </select>
          </label>
        </SearchForm>
      </div>
      <DataTable
        caption={t("admin.accounts.title")}
        rows={accounts}
        rowKey={({ id }) => id}
        empty={
          q || state || newer ? (
            <EmptyState title={t("admin.accounts.noMatch")}>{t("admin.accounts.noMatchAdvice")}</EmptyState>
          ) : (
            <EmptyState title={t("admin.accounts.empty")}>{t("admin.accounts.emptyAdvice")}</EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            header: t("accounts.name"),
            cell: ({ slug, name, ownerEmail }) => (
              <>
                <Link to={href("/admin/accounts/:account", { account: slug })}>{name}</Link>
                <span className="block text-sm font-normal text-muted">
                  <span className="sr-only">{t("accounts.owner")}: </span>
                  {ownerEmail}
                </span>
              </>
            ),
          },
          {
            key: "state",
            header: t("accounts.state"),
            cell: (account) => <AccountState state={account.state} />,
          },
          {
            key: "document",
            header: t("accounts.document"),
            cell: ({ document }) => <span className="whitespace-nowrap">{document}</span>,
          },
          {
            key: "submitted",
            header: t("accounts.submittedAt"),
            cell: ({ submittedAt }) => <Timestamp at={submittedAt} style="date" />,
          },
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}
