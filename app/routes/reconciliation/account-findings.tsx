import { useTranslation } from "react-i18next";
import { can } from "#app/domain/authorization.ts";
import { findCheck } from "#app/domain/reconciliation/read-checks.ts";
import { listFindings } from "#app/domain/reconciliation/read-findings.ts";
import { requestCheck } from "#app/domain/reconciliation/request-check.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { useFindingBreadcrumbs } from "#app/ui/reconciliation/finding-breadcrumbs.ts";
import { FindingsTable } from "#app/ui/reconciliation/findings-table.tsx";
import { StateFilter } from "#app/ui/reconciliation/state-filter.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/account-findings";
import { findingAddresses } from "./addresses.ts";

// The same page in the console and in the operators' area: the layout around it says who may see it.

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [page, check, addresses] = await Promise.all([
      listFindings(context, Object.fromEntries(args.url.searchParams)),
      findCheck(context),
      findingAddresses(context, args.url),
    ]);
    const { state } = page.filter;
    return {
      findings: page.findings,
      showsClosed: state === "closed",
      check,
      canCheck: can(context, "findings:check"),
      addresses,
      ...pagerLinks(page, state ? { state } : {}),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, requestCheck, () =>
    redirectWithFlash(args.url.pathname, t("reconciliation.checkRequested")),
  );
}

export default function AccountFindings({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { findings, showsClosed, check, canCheck, addresses, newer, older } = loaderData;
  const breadcrumbs = useFindingBreadcrumbs(addresses).slice(0, -1);
  return (
    <>
      <PageHeader
        title={t("reconciliation.title")}
        description={t("reconciliation.intro")}
        {...(breadcrumbs.length > 0 ? { breadcrumbs } : {})}
        actions={
          <>
            <ButtonLink to={addresses.list}>{t("common.refresh")}</ButtonLink>
            {canCheck && (
              <AppForm>
                <SubmitButton>{t("reconciliation.checkNow")}</SubmitButton>
              </AppForm>
            )}
          </>
        }
      />
      {check.hasFailed && (
        <div className="mb-6">
          <Notice tone="warning" title={t("reconciliation.checkFailed")}>
            {t("reconciliation.checkFailedAdvice")}
          </Notice>
        </div>
      )}
      <p className="text-muted">
        {check.checkedAt ? (
          <>
            {t("reconciliation.checkedAt")} <Timestamp at={check.checkedAt} />
          </>
        ) : (
          t("reconciliation.neverChecked")
        )}
      </p>
      <StateFilter address={addresses.list} showsClosed={showsClosed} />
      <FindingsTable
        findings={findings}
        addressOf={({ id }) => `${addresses.list}/${id}`}
        isFiltered={showsClosed || newer !== null}
        isCompared={check.checkedAt !== null && !check.hasFailed}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}
