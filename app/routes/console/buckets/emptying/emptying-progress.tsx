import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { formatCount } from "#app/ui/format.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { type Breadcrumb, PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useRootData } from "#app/ui/root-data.ts";
import { EmptyingCounts } from "./emptying-counts.tsx";
import { EmptyingProblemText } from "./emptying-problem.tsx";
import { remainingMinutes } from "./pace.ts";

export interface EmptyingProgressProps {
  name: string;
  emptying: Emptying;
  canStop: boolean;
  breadcrumbs: Breadcrumb[];
  params: { account: string; bucket: string };
}

/** How far the emptying of a bucket is. */
export function EmptyingProgress({ name, emptying, canStop, breadcrumbs, params }: EmptyingProgressProps) {
  const { t } = useTranslation();
  const { state, problem, deletesBucket } = emptying;
  const isStopping = state === "stopping";
  return (
    <>
      <PageHeader
        title={t("emptying.progress.title", { bucket: name })}
        breadcrumbs={breadcrumbs}
        actions={
          canStop &&
          !isStopping && (
            <ButtonLink to={href("/accounts/:account/buckets/:bucket/emptying/stop", params)}>
              {t("emptying.stop.link")}
            </ButtonLink>
          )
        }
      />
      <Notice
        tone={problem ? "warning" : "info"}
        title={t(`emptying.progress.${state as "queued" | "running" | "stopping"}`)}
      >
        {problem && (
          <p>
            <EmptyingProblemText problem={problem} /> {t("emptying.progress.retries")}
          </p>
        )}
        <Bar emptying={emptying} />
        {deletesBucket && !isStopping && <p>{t("emptying.progress.thenDeleted")}</p>}
        <p>
          {t("emptying.progress.refreshes")} <Link to=".">{t("common.refresh")}</Link>
        </p>
      </Notice>
      <Section title={t("emptying.progress.label")}>
        <Card>
          <EmptyingCounts emptying={emptying} />
        </Card>
      </Section>
    </>
  );
}

function Bar({ emptying }: { emptying: Emptying }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { expected } = emptying;
  const done = emptying.removedVersions + emptying.removedMarkers;
  const isBeyond = expected !== null && done > expected;
  const removed = formatCount(done, locale);
  const minutes = remainingMinutes(emptying);
  return (
    <>
      <progress
        aria-label={t("emptying.progress.label")}
        className="my-2 block w-full"
        {...(expected === null || isBeyond
          ? {}
          : { value: Number(done), max: Math.max(1, Number(expected)) })}
      />
      <p suppressHydrationWarning>
        {expected === null || isBeyond
          ? t("emptying.progress.unknownTotal", { removed })
          : t("emptying.progress.of", { removed, expected: formatCount(expected, locale) })}
      </p>
      {isBeyond && <p>{t("emptying.progress.beyond")}</p>}
      {minutes !== null && (
        <p>
          {minutes < 1 ? t("emptying.progress.leftLittle") : t("emptying.progress.left", { count: minutes })}
        </p>
      )}
    </>
  );
}
