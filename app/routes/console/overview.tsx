import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import type { Context } from "#app/domain/context.ts";
import type { MemberListed } from "#app/domain/members/read-members.ts";
import { readQuotas } from "#app/domain/quotas/read-quotas.ts";
import { countFindings } from "#app/domain/reconciliation/read-findings.ts";
import { monthAt } from "#app/domain/usage/calendar.ts";
import { readUsageSummary } from "#app/domain/usage/read-usage.ts";
import { load } from "#app/http/handlers.server.ts";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { FirstSteps } from "#app/ui/usage/first-steps.tsx";
import { monthName } from "#app/ui/usage/month-name.ts";
import { QuotaList } from "#app/ui/usage/quota-list.tsx";
import { MeasuredAt, UsageStats } from "#app/ui/usage/usage-stats.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/overview";

const beforeUse = ["pending", "approved", "rejected"] as const;

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [account, usage, findings] = await Promise.all([
      getAccount(context),
      readUsage(context),
      countFindings(context),
    ]);
    return {
      account,
      // Before its approval an account has nothing that could be measured.
      usage: beforeUse.some((state) => state === account.state) ? null : usage,
      findings,
      canResubmit: can(context, "accounts:resubmit"),
      role: context.access.memberRole,
      canCreate: account.state === "active" && can(context, "buckets:create"),
    };
  });
}

/** Null for those who may not see it, such as auditors. */
async function readUsage(context: Context) {
  if (!can(context, "usage:read")) return null;
  const month = monthAt(new Date());
  const [summary, quotas] = await Promise.all([readUsageSummary(context, month), readQuotas(context)]);
  return { month, summary, quotas };
}

export default function Overview({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { account, usage, findings, canResubmit, canCreate, role } = loaderData;
  return (
    <>
      <PageHeader
        title={account.name}
        documentTitle={t("accounts.overview.documentTitle", { account: account.name })}
        tag={<AccountState state={account.state} />}
      />
      <AccountStanding
        account={account}
        registrationLink={canResubmit ? href("/accounts/:account/registration", params) : undefined}
      />
      {findings > 0 && (
        <div className="mb-6">
          <Notice tone="warning" title={t("reconciliation.notice", { count: findings })}>
            <Link to={href("/accounts/:account/reconciliation", params)}>
              {t("reconciliation.noticeLink")}
            </Link>
          </Notice>
        </div>
      )}
      {usage && canCreate && <FirstSteps account={href("/accounts/:account", params)} {...usage} />}
      {usage && <Usage {...usage} page={href("/accounts/:account/usage", params)} />}
      {usage && (
        <Section title={t("usage.quotas.title")}>
          <Card>
            <QuotaList quotas={usage.quotas} />
          </Card>
        </Section>
      )}
      <Section title={t("accounts.overview.registration")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("accounts.name"), details: account.name },
              { term: t("accounts.document"), details: formatDocument(account.document) },
              { term: t("accounts.submittedAt"), details: <Timestamp at={account.submittedAt} /> },
            ]}
          />
        </Card>
      </Section>
      {role && <OwnPart role={role} params={params} />}
    </>
  );
}

interface OwnPartProps {
  role: MemberListed["role"];
  params: Route.ComponentProps["params"];
}

/** What the reader is here, and the way out: only owners see the list of members. */
function OwnPart({ role, params }: OwnPartProps) {
  const { t } = useTranslation();
  return (
    <Section
      title={t("members.own.title")}
      actions={<Link to={href("/accounts/:account/leaving", params)}>{t("members.leaving.link")}</Link>}
    >
      <Card>
        <DescriptionList
          items={[
            {
              term: t("accounts.role"),
              details: (
                <>
                  {t(`accounts.roles.${role}`)}
                  <span className="block text-sm text-muted">{t(`members.roleHints.${role}`)}</span>
                </>
              ),
            },
          ]}
        />
      </Card>
    </Section>
  );
}

type UsageProps = NonNullable<Route.ComponentProps["loaderData"]["usage"]> & { page: string };

function Usage({ month, summary, quotas, page }: UsageProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { measuredAt } = summary;
  if (!measuredAt) {
    return (
      <Section title={t("usage.title")}>
        <EmptyState title={t("usage.notMeasured.title")}>{t("usage.notMeasured.text")}</EmptyState>
      </Section>
    );
  }
  return (
    <Section
      title={t("usage.title")}
      description={
        <>
          {t("usage.ofMonth", { month: monthName(month, locale) })} <MeasuredAt at={measuredAt} />.
        </>
      }
      actions={<Link to={page}>{t("usage.details")}</Link>}
    >
      <UsageStats
        usage={{ ...summary, measuredAt }}
        storageLimit={quotas.find(({ resource }) => resource === "storage_bytes")?.limit}
      />
    </Section>
  );
}
