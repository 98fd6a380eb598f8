import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import {
  type AccountCollection,
  countCollections,
  listCollections,
} from "#app/domain/usage/read-collections.ts";
import { requestCollection } from "#app/domain/usage/request-collection.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { Stat, StatGrid } from "#app/ui/layout/stats.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Bytes, Count, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/usage";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [counts, page] = await Promise.all([
      countCollections(context),
      listCollections(context, Object.fromEntries(args.url.searchParams)),
    ]);
    return {
      counts,
      accounts: page.rows,
      onlyFailing: page.onlyFailing,
      ...pagerLinks(page, page.onlyFailing ? { state: "failing" } : {}),
      canCollect: can(context, "usage:collect"),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, requestCollection, () =>
    redirectWithFlash("/admin/usage", t("usage.admin.collecting")),
  );
}

export default function AdminUsage({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { counts, accounts, onlyFailing, newer, older, canCollect } = loaderData;
  return (
    <>
      <PageHeader
        title={t("usage.admin.title")}
        description={t("usage.admin.intro")}
        actions={
          <>
            <ButtonLink to="/admin/usage">{t("common.refresh")}</ButtonLink>
            {canCollect && (
              <AppForm>
                <SubmitButton>{t("usage.admin.collectNow")}</SubmitButton>
              </AppForm>
            )}
          </>
        }
      />
      <StatGrid>
        <Stat label={t("usage.admin.lastMeasured")} value={<Moment at={counts.measuredAt} />} />
        <Stat label={t("usage.admin.oldestMeasured")} value={<Moment at={counts.oldestMeasuredAt} />} />
        <Stat label={t("usage.admin.accounts")} value={<Count value={counts.accounts} />} />
        <Stat label={t("usage.admin.failing")} value={<Count value={counts.failing} />} />
      </StatGrid>
      <Filter onlyFailing={onlyFailing} />
      <DataTable
        caption={t("usage.admin.title")}
        rows={accounts}
        rowKey={({ id }) => id}
        empty={
          onlyFailing ? (
            <EmptyState title={t("usage.admin.noneFailing")}>{t("usage.admin.noneFailingAdvice")}</EmptyState>
          ) : (
            <EmptyState title={t("usage.admin.empty")}>{t("usage.admin.emptyAdvice")}</EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            header: t("accounts.name"),
            cell: ({ slug, name }) => (
              <Link to={href("/admin/accounts/:account", { account: slug })}>{name}</Link>
            ),
          },
          { key: "state", header: t("accounts.state"), cell: ({ state }) => <AccountState state={state} /> },
          { key: "outcome", header: t("usage.admin.outcome"), cell: (account) => <Outcome {...account} /> },
          {
            key: "measured",
            header: t("usage.admin.measuredAt"),
            cell: ({ measuredAt }) => <TimeOrNever at={measuredAt} />,
          },
          {
            key: "stored",
            header: t("usage.storedBytes"),
            align: "end",
            cell: ({ storedBytes, measuredAt }) => (measuredAt ? <Bytes value={storedBytes ?? 0n} /> : "–"),
          },
        ]}
      />
      <div className="mt-4 flex flex-wrap gap-2">
        {newer && <ButtonLink to={newer}>{t("usage.admin.toStart")}</ButtonLink>}
        {older && <ButtonLink to={older}>{t("usage.admin.more")}</ButtonLink>}
      </div>
    </>
  );
}

function Filter({ onlyFailing }: { onlyFailing: boolean }) {
  const { t } = useTranslation();
  const filters = [
    { to: "/admin/usage", label: t("usage.admin.all"), current: !onlyFailing },
    { to: "/admin/usage?state=failing", label: t("usage.admin.onlyFailing"), current: onlyFailing },
  ];
  return (
    <nav aria-label={t("usage.admin.filter")} className="mt-8 mb-3">
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {filters.map(({ to, label, current }) => (
          <li key={to}>
            <Link
              to={to}
              aria-current={current ? "true" : undefined}
              className="inline-block py-1 aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Outcome({ lastError, measuredAt }: Pick<AccountCollection, "lastError" | "measuredAt">) {
  const { t } = useTranslation();
  const [tone, outcome] = lastError
    ? (["danger", "failed"] as const)
    : measuredAt
      ? (["success", "measured"] as const)
      : (["neutral", "never"] as const);
  return (
    <div>
      <StateTag tone={tone}>{t(`usage.admin.outcomes.${outcome}`)}</StateTag>
      {lastError && <code className="mt-1 block">{lastError}</code>}
    </div>
  );
}

/** In the size of a figure a moment would take two lines. */
function Moment({ at }: { at: Date | null }) {
  return (
    <span className="text-lg">
      <TimeOrNever at={at} />
    </span>
  );
}

function TimeOrNever({ at }: { at: Date | null }) {
  const { t } = useTranslation();
  return at ? <Timestamp at={at} /> : t("usage.admin.never");
}
