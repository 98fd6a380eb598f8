import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { FreeTenantList } from "#app/domain/reconciliation/read-tenants.ts";
import { SearchForm } from "../form/search-form.tsx";
import { EmptyState } from "../layout/empty-state.tsx";
import { Notice } from "../layout/notice.tsx";
import { type Breadcrumb, PageHeader } from "../layout/page-header.tsx";
import { DataTable } from "../table/data-table.tsx";
import { Count } from "../values.tsx";

interface FreeTenantsProps {
  list: FreeTenantList;
  account: string;
  breadcrumbs: Breadcrumb[];
}

/** The engine's tenants that no account has, to choose one for this account. */
export function FreeTenants({ list, account, breadcrumbs }: FreeTenantsProps) {
  const { t } = useTranslation();
  const { tenants, q, isAvailable, hasMore } = list;
  return (
    <>
      <PageHeader
        title={t("reconciliation.tenants.title", { account })}
        description={t("reconciliation.tenants.intro")}
        breadcrumbs={breadcrumbs}
      />
      <div className="mb-4">
        <SearchForm label={t("reconciliation.tenants.search")} value={q} />
      </div>
      {!isAvailable && (
        <Notice tone="warning" title={t("reconciliation.tenants.unavailable")}>
          <p>
            {t("reconciliation.tenants.unavailableAdvice")} <Link to=".">{t("common.refresh")}</Link>
          </p>
        </Notice>
      )}
      {isAvailable && (
        <DataTable
          caption={t("reconciliation.tenants.list")}
          rows={tenants}
          rowKey={({ tenant }) => tenant}
          empty={
            <EmptyState title={t("reconciliation.tenants.empty")}>
              {t("reconciliation.tenants.emptyAdvice")}
            </EmptyState>
          }
          columns={[
            {
              key: "tenant",
              header: t("reconciliation.tenants.name"),
              cell: ({ tenant }) => (
                <Link to={`?${new URLSearchParams({ tenant })}`}>
                  <code className="break-all">{tenant}</code>
                </Link>
              ),
            },
            {
              key: "users",
              header: t("reconciliation.tenants.users"),
              align: "end",
              cell: ({ userCount }) => <Count value={userCount} />,
            },
          ]}
        />
      )}
      {hasMore && <p className="mt-3 text-muted">{t("reconciliation.tenants.more")}</p>}
    </>
  );
}
