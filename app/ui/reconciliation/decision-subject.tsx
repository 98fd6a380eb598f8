import { useTranslation } from "react-i18next";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import type { FindingShown } from "#app/domain/reconciliation/read-findings.ts";
import { ButtonLink } from "../form/button.tsx";
import { DescriptionList } from "../layout/description-list.tsx";
import { Notice } from "../layout/notice.tsx";
import { PageHeader } from "../layout/page-header.tsx";
import { Bytes, Count, Timestamp } from "../values.tsx";
import { type FindingAddresses, useFindingBreadcrumbs } from "./finding-breadcrumbs.ts";
import { FindingSides } from "./finding-sides.tsx";

interface DecisionSubjectProps {
  finding: FindingShown;
  /** Of a bucket; null for other things, and where nobody knows. */
  size: BucketSize | null;
}

/** What a decision is about, before the button that takes it. */
export function DecisionSubject({ finding, size }: DecisionSubjectProps) {
  const { t } = useTranslation();
  return (
    <>
      {finding.kind === "bucket_only_at_engine" && !size?.isCurrent && (
        <Notice tone="warning">{t("reconciliation.sizeUnknown")}</Notice>
      )}
      {size && (
        <DescriptionList
          items={[
            { term: t("buckets.size"), details: <Bytes value={size.sizeBytes} /> },
            { term: t("buckets.objects"), details: <Count value={size.objectCount} /> },
            ...(size.isCurrent
              ? []
              : [{ term: t("reconciliation.measuredAt"), details: <Timestamp at={size.measuredAt} /> }]),
          ]}
        />
      )}
      <FindingSides consoleSays={finding.consoleSays} engineSays={finding.engineSays} />
    </>
  );
}

interface NothingToDecideProps {
  finding: FindingShown;
  addresses: FindingAddresses;
}

/** In place of a form once somebody has decided, or where this cannot be done about the finding. */
export function NothingToDecide({ finding, addresses }: NothingToDecideProps) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader
        title={t(`reconciliation.kinds.${finding.kind}.title`)}
        breadcrumbs={useFindingBreadcrumbs(addresses)}
      />
      <Notice
        tone="warning"
        title={t(finding.state === "open" ? "errors.decision-impossible" : "errors.already-decided")}
      />
      <p className="mt-6">
        <ButtonLink variant="primary" to={addresses.finding}>
          {t("reconciliation.toFinding")}
        </ButtonLink>
      </p>
    </>
  );
}
