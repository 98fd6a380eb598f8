import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { timeZone } from "#app/domain/time-zone.ts";
import { readUsagePage } from "#app/domain/usage/read-usage-page.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { formatZone } from "#app/ui/format.ts";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { BucketUsageTable } from "#app/ui/usage/bucket-usage-table.tsx";
import { DayUsageCharts } from "#app/ui/usage/day-usage-charts.tsx";
import { DayUsageTable } from "#app/ui/usage/day-usage-table.tsx";
import { monthName } from "#app/ui/usage/month-name.ts";
import { MeasuredAt, UsageStats } from "#app/ui/usage/usage-stats.tsx";
import type { Route } from "./+types/usage";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readUsagePage(context, Object.fromEntries(args.url.searchParams))),
    canOpenBuckets: can(context, "buckets:read"),
  }));
}

export default function Usage({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { month, isCurrent, summary, buckets, bucketTotal, days, canOpenBuckets } = loaderData;
  const { measuredAt } = summary;
  if (!measuredAt) {
    return (
      <>
        <PageHeader title={t("usage.title")} />
        <EmptyState title={t("usage.notMeasured.title")}>{t("usage.notMeasured.text")}</EmptyState>
      </>
    );
  }
  const cut = bucketTotal > buckets.length;
  return (
    <>
      <PageHeader
        title={t("usage.title")}
        description={
          <>
            <p>
              <MeasuredAt at={measuredAt} />. {isCurrent && t("usage.page.growing")}
            </p>
            <p suppressHydrationWarning>
              {t("usage.page.zone", { timeZone: formatZone(timeZone, locale), id: timeZone })}
            </p>
          </>
        }
        actions={
          <>
            {canOpenBuckets && (
              <ButtonLink to={href("/accounts/:account/storage/hidden-bytes", params)}>
                {t("usage.page.hiddenBytes")}
              </ButtonLink>
            )}
            <ButtonLink to={`${href("/accounts/:account/usage.csv", params)}?month=${month}`} reloadDocument>
              {t("usage.page.csv")}
            </ButtonLink>
          </>
        }
      />
      <Months {...loaderData} />
      <UsageStats usage={{ ...summary, measuredAt }} />
      <Section
        title={t("usage.page.byBucket")}
        description={
          cut
            ? t("usage.page.byBucketCut", { shown: buckets.length, total: bucketTotal })
            : !isCurrent && t("usage.page.byBucketAtEnd")
        }
      >
        <BucketUsageTable
          rows={buckets}
          bucketsPage={canOpenBuckets ? `${href("/accounts/:account", params)}/buckets` : undefined}
        />
      </Section>
      {days.length > 0 && (
        <Section title={t("usage.page.byDay")} description={t("usage.page.byDayDescription")}>
          <DayUsageCharts days={days} />
          <div className="mt-4">
            <DayUsageTable rows={days} />
          </div>
        </Section>
      )}
    </>
  );
}

/** The month that is shown, and the way to those beside it. */
function Months({ month, previous, next }: Route.ComponentProps["loaderData"]) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2">
      <h2 className="text-lg first-letter:uppercase">{monthName(month, locale)}</h2>
      <nav aria-label={t("usage.page.months")} className="flex flex-wrap gap-2">
        {previous && (
          <ButtonLink to={`?month=${previous}`} rel="prev">
            ← {monthName(previous, locale)}
          </ButtonLink>
        )}
        {next && (
          <ButtonLink to={`?month=${next}`} rel="next">
            {monthName(next, locale)} →
          </ButtonLink>
        )}
      </nav>
    </div>
  );
}
