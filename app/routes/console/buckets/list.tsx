import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { listBuckets } from "#app/domain/buckets/read-buckets.ts";
import { isUnderWay } from "#app/domain/buckets/states.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { BucketState } from "./bucket-state.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listBuckets(context, Object.fromEntries(args.url.searchParams));
    const isActive = context.access.accountState === "active";
    return {
      buckets: page.buckets,
      filter: page.filter,
      ...pagerLinks(page, page.filter),
      canCreate: isActive && can(context, "buckets:create"),
      standing: isActive ? null : await getAccount(context),
    };
  });
}

export default function Buckets({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { buckets, filter, newer, older, canCreate, standing } = loaderData;
  const underWay = buckets.some(({ state }) => isUnderWay(state));
  useRefreshWhile(underWay);
  const create = canCreate && (
    <ButtonLink variant="primary" to={href("/accounts/:account/buckets/new", params)}>
      {t("buckets.new.link")}
    </ButtonLink>
  );
  const isEmpty = buckets.length === 0 && !filter.q && !newer;
  return (
    <>
      <PageHeader title={t("buckets.title")} description={t("buckets.intro")} actions={!isEmpty && create} />
      {standing && <AccountStanding account={standing} />}
      {!isEmpty && (
        <div className="mb-4">
          <SearchForm label={t("buckets.search")} value={filter.q} />
        </div>
      )}
      {underWay && (
        <p className="mb-4">
          {t("buckets.underWay")} <Link to=".">{t("common.refresh")}</Link>
        </p>
      )}
      <DataTable
        caption={t("buckets.title")}
        rows={buckets}
        rowKey={({ id }) => id}
        empty={
          isEmpty ? (
            <EmptyState title={t("buckets.empty")} action={create}>
              {t(canCreate ? "buckets.emptyAdvice" : "buckets.emptyElse")}
            </EmptyState>
          ) : (
            <EmptyState title={t("buckets.noMatch")}>{t("buckets.noMatchAdvice")}</EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            header: t("buckets.name"),
            cell: ({ id, name }) => (
              <Link to={href("/accounts/:account/buckets/:bucket", { ...params, bucket: id })}>{name}</Link>
            ),
          },
          { key: "state", header: t("buckets.state"), cell: ({ state }) => <BucketState state={state} /> },
          {
            key: "created",
            header: t("buckets.createdAt"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} />,
          },
          { key: "by", header: t("buckets.createdBy"), cell: ({ createdBy }) => createdBy ?? "–" },
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}
