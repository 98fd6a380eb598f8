import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import {
  type FailedCheck,
  findLastRun,
  listFailedChecks,
  type RunShown,
} from "#app/domain/reconciliation/read-checks.ts";
import { listAllFindings } from "#app/domain/reconciliation/read-findings.ts";
import { requestRun } from "#app/domain/reconciliation/request-check.ts";
import { findingKinds } from "#app/domain/reconciliation/states.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { FindingsTable } from "#app/ui/reconciliation/findings-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [page, run, failed] = await Promise.all([
      listAllFindings(context, Object.fromEntries(args.url.searchParams)),
      findLastRun(context),
      listFailedChecks(context),
    ]);
    return {
      findings: page.findings,
      filter: page.filter,
      run,
      failed,
      canRun: can(context, "reconciliation:run"),
      ...pagerLinks(page, page.filter),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, requestRun, ({ underWay }) =>
    redirectWithFlash(
      "/admin/reconciliation",
      t(underWay ? "reconciliation.runUnderWay" : "reconciliation.runRequested"),
    ),
  );
}

export default function AdminReconciliation({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { findings, filter, run, failed, canRun, newer, older } = loaderData;
  return (
    <>
      <PageHeader
        title={t("reconciliation.title")}
        description={t("reconciliation.adminIntro")}
        actions={
          <>
            <ButtonLink to="/admin/reconciliation">{t("common.refresh")}</ButtonLink>
            {canRun && (
              <AppForm>
                <SubmitButton>{t("reconciliation.checkAllNow")}</SubmitButton>
              </AppForm>
            )}
          </>
        }
      />
      <LastRun run={run} />
      {failed.length > 0 && <FailedChecks failed={failed} />}
      <div className="my-4">
        <Filter filter={filter} />
      </div>
      <FindingsTable
        findings={findings}
        addressOf={({ accountSlug, id }) =>
          href("/admin/accounts/:account/reconciliation/:finding", { account: accountSlug, finding: id })
        }
        account={({ accountSlug, accountName }) => (
          <Link to={href("/admin/accounts/:account", { account: accountSlug })}>{accountName}</Link>
        )}
        isFiltered={Object.values(filter).some(Boolean) || newer !== null}
        isCompared={run !== null && run.finishedAt !== null && run.error === null && failed.length === 0}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}

/** How the last pass over all accounts went. */
function LastRun({ run }: { run: RunShown | null }) {
  const { t } = useTranslation();
  if (!run)
    return <Notice title={t("reconciliation.run.never")}>{t("reconciliation.run.neverAdvice")}</Notice>;
  const { startedAt, finishedAt, isDead, accounts, error } = run;
  const counted = t("reconciliation.run.accounts", { count: accounts });
  if (error || isDead) {
    return (
      <Notice tone="danger" title={t("reconciliation.run.failed")}>
        <p>
          <Timestamp at={finishedAt ?? startedAt} />
          {error && (
            <>
              : <code>{error}</code>
            </>
          )}
        </p>
        <p>{t("reconciliation.run.failedAdvice")}</p>
      </Notice>
    );
  }
  return (
    <p className="text-muted">
      {t(finishedAt ? "reconciliation.run.finished" : "reconciliation.run.underWay")}{" "}
      <Timestamp at={finishedAt ?? startedAt} />. {counted}
    </p>
  );
}

function FailedChecks({ failed }: { failed: FailedCheck[] }) {
  const { t } = useTranslation();
  return (
    <div className="mt-4">
      <Notice tone="warning" title={t("reconciliation.run.someFailed", { count: failed.length })}>
        <ul className="list-disc ps-5">
          {failed.map(({ slug, name, lastError }) => (
            <li key={slug}>
              <Link to={href("/admin/accounts/:account", { account: slug })}>{name}</Link>:{" "}
              <code>{lastError}</code>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function Filter({ filter: { q, kind, state } }: { filter: { q: string; kind: string; state: string } }) {
  const { t } = useTranslation();
  return (
    <SearchForm label={t("reconciliation.search")} value={q}>
      <label className="block min-w-0 grow basis-40">
        <span className="text-sm font-semibold">{t("reconciliation.what")}</span>
        <select name="kind" defaultValue={kind} className="control mt-1 block w-full">
          <option value="">{t("reconciliation.anyKind")}</option>
          {findingKinds.map((value) => (
            <option key={value} value={value}>
              {t(`reconciliation.kinds.${value}.title`)}
            </option>
          ))}
        </select>
      </label>
      <label className="block">
        <span className="text-sm font-semibold">{t("reconciliation.state")}</span>
        <select name="state" defaultValue={state} className="control mt-1 block">
          <option value="">{t("reconciliation.waiting")}</option>
          <option value="closed">{t("reconciliation.closed")}</option>
        </select>
      </label>
    </SearchForm>
  );
}
