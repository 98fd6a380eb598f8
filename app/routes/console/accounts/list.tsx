import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { listOwnAccounts } from "#app/domain/accounts/read-accounts.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const search = args.url.searchParams.get("q")?.trim() ?? "";
    return { search, accounts: await listOwnAccounts(context, { q: search }) };
  });
}

export default function Accounts({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const create = (
    <ButtonLink variant="primary" to="/accounts/new">
      {t("accounts.new.link")}
    </ButtonLink>
  );
  const { accounts, search } = loaderData;
  // Who has a few sees them all.
  const isSearchable = search !== "" || accounts.length > 10;
  return (
    <>
      <PageHeader
        title={t("accounts.list.title")}
        description={t("accounts.list.intro")}
        actions={(accounts.length > 0 || search !== "") && create}
      />
      {isSearchable && (
        <div className="mb-5">
          <SearchForm label={t("accounts.list.search")} value={search} />
        </div>
      )}
      <DataTable
        caption={t("accounts.list.title")}
        rows={accounts}
        rowKey={({ id }) => id}
        empty={
          search ? (
            <EmptyState title={t("accounts.list.noMatch")}>{t("accounts.list.noMatchAdvice")}</EmptyState>
          ) : (
            <EmptyState title={t("accounts.list.empty")} action={create}>
              {t("accounts.list.emptyAdvice")}
            </EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            header: t("accounts.name"),
            cell: ({ slug, name }) => <Link to={href("/accounts/:account", { account: slug })}>{name}</Link>,
          },
          { key: "role", header: t("accounts.role"), cell: ({ role }) => t(`accounts.roles.${role}`) },
          { key: "state", header: t("accounts.state"), cell: ({ state }) => <AccountState state={state} /> },
        ]}
      />
    </>
  );
}
