import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { FindingListed } from "#app/domain/reconciliation/read-findings.ts";
import { EmptyState } from "../layout/empty-state.tsx";
import { type Column, DataTable } from "../table/data-table.tsx";
import { Timestamp } from "../values.tsx";
import { FindingState } from "./finding-state.tsx";
import { subjectName } from "./finding-subject.ts";

export interface FindingsTableProps<Row extends FindingListed> {
  findings: Row[];
  addressOf: (finding: Row) => string;
  /** Whose it is, where more than one account is listed. */
  account?: (finding: Row) => ReactNode;
  /** Whether a filter is why there are none. */
  isFiltered: boolean;
  /** Whether all has been compared, so that none means agreement. */
  isCompared: boolean;
}

/** What was found, newest first. */
export function FindingsTable<Row extends FindingListed>(props: FindingsTableProps<Row>) {
  const { findings, addressOf, account, isFiltered, isCompared } = props;
  const { t } = useTranslation();
  const whose: Column<Row>[] = account
    ? [{ key: "account", header: t("reconciliation.account"), cell: account }]
    : [];
  return (
    <DataTable
      caption={t("reconciliation.list")}
      rows={findings}
      rowKey={({ id }) => id}
      empty={
        isFiltered ? (
          <EmptyState title={t("reconciliation.noMatch")}>{t("reconciliation.noMatchAdvice")}</EmptyState>
        ) : (
          <EmptyState title={t(isCompared ? "reconciliation.agree" : "reconciliation.nothingYet")}>
            {t("reconciliation.emptyAdvice")}
          </EmptyState>
        )
      }
      columns={[
        {
          key: "kind",
          header: t("reconciliation.what"),
          cell: (finding) => (
            <>
              <Link to={addressOf(finding)}>{t(`reconciliation.kinds.${finding.kind}.title`)}</Link>
              <span className="block text-sm font-normal break-words text-muted">{subjectName(finding)}</span>
            </>
          ),
        },
        ...whose,
        {
          key: "state",
          header: t("reconciliation.state"),
          cell: (finding) => <FindingState finding={finding} />,
        },
        {
          key: "seen",
          header: t("reconciliation.since"),
          cell: ({ firstSeenAt }) => <Timestamp at={firstSeenAt} />,
        },
      ]}
    />
  );
}
