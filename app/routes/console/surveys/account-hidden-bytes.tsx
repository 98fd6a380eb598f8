import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { listHiddenBytes } from "#app/domain/surveys/list-hidden-bytes.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { formatCount } from "#app/ui/format.ts";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { BucketBytesTable } from "#app/ui/surveys/bucket-bytes-table.tsx";
import { KindsTable } from "#app/ui/surveys/kinds-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { Bytes, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/account-hidden-bytes";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listHiddenBytes(context, Object.fromEntries(args.url.searchParams));
    return {
      account: page.account,
      buckets: page.buckets,
      ...pagerLinks(page),
      canMeasure: context.access.accountState === "active" && can(context, "buckets:survey"),
    };
  });
}

export default function AccountHiddenBytes({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { account, buckets, newer, older, canMeasure } = loaderData;
  useRefreshWhile(account.underWay > 0);
  if (account.buckets === 0)
    return (
      <>
        <PageHeader title={t("surveys.account.title")} />
        <EmptyState title={t("surveys.account.empty")}>{t("surveys.account.emptyText")}</EmptyState>
      </>
    );
  return (
    <>
      <PageHeader
        title={t("surveys.account.title")}
        description={t("surveys.account.intro")}
        breadcrumbs={[{ label: t("usage.title"), to: href("/accounts/:account/usage", params) }]}
        actions={
          canMeasure && (
            <ButtonLink to={href("/accounts/:account/storage/hidden-bytes/measuring", params)}>
              {t("surveys.measureAll.submit")}
            </ButtonLink>
          )
        }
      />
      <Sums account={account} />
      <Section
        title={t("surveys.account.buckets")}
        description={buckets.some(({ isLive }) => isLive) && t("surveys.account.live")}
      >
        <BucketBytesTable rows={buckets} bucketsPage={href("/accounts/:account/buckets", params)} />
        <Pager newer={newer} older={older} />
      </Section>
    </>
  );
}

function Sums({ account }: { account: Route.ComponentProps["loaderData"]["account"] }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { kinds, totalBytes, buckets, surveyed, oldestAt, newestAt, underWay } = account;
  const isOneMoment = oldestAt?.getTime() === newestAt?.getTime();
  return (
    <>
      {underWay > 0 && (
        <p className="mb-4" suppressHydrationWarning>
          {t("surveys.account.underWayNow", { count: underWay, number: formatCount(underWay, locale) })}{" "}
          <Link to=".">{t("common.refresh")}</Link>
        </p>
      )}
      <Section title={t("surveys.account.sums")}>
        {oldestAt && newestAt ? (
          <>
            <KindsTable caption={t("surveys.account.sums")} kinds={kinds} />
            <p className="mt-4">
              {t("surveys.hidden.total")}: <Bytes value={totalBytes} />.{" "}
              <span className="text-sm text-muted" suppressHydrationWarning>
                {t("surveys.account.sumsOf", {
                  surveyed: formatCount(surveyed, locale),
                  buckets: formatCount(buckets, locale),
                })}{" "}
                {isOneMoment ? t("surveys.account.on") : t("surveys.account.between")}{" "}
                <Timestamp at={oldestAt} />
                {!isOneMoment && (
                  <>
                    {" "}
                    {t("surveys.account.and")} <Timestamp at={newestAt} />
                  </>
                )}
                .
              </span>
            </p>
          </>
        ) : (
          <EmptyState title={t("surveys.account.noneSurveyed")}>
            {t("surveys.account.noneSurveyedText")}
          </EmptyState>
        )}
      </Section>
    </>
  );
}
