import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { FindingShown } from "#app/domain/reconciliation/read-findings.ts";
import { isBeingSettled, problemOf } from "#app/domain/reconciliation/states.ts";
import { ButtonLink } from "../form/button.tsx";
import { DescriptionList } from "../layout/description-list.tsx";
import { Notice } from "../layout/notice.tsx";
import { PageHeader } from "../layout/page-header.tsx";
import { Card, Section } from "../layout/section.tsx";
import { useRefreshWhile } from "../use-refresh-while.ts";
import { Timestamp } from "../values.tsx";
import { type FindingAddresses, useFindingBreadcrumbs } from "./finding-breadcrumbs.ts";
import { FindingSides } from "./finding-sides.tsx";
import { FindingState } from "./finding-state.tsx";
import { subjectName } from "./finding-subject.ts";

export interface FindingDetailsProps {
  finding: FindingShown;
  addresses: FindingAddresses;
}

/** One finding: what each side says, what can be done, how far it is. */
export function FindingDetails({ finding, addresses }: FindingDetailsProps) {
  const { t } = useTranslation();
  useRefreshWhile(isBeingSettled(finding.state));
  const { kind, resource, name, mayAdopt, mayUndo } = finding;
  const subject = subjectName(finding);
  return (
    <>
      <PageHeader
        title={t(`reconciliation.kinds.${kind}.title`)}
        documentTitle={[t(`reconciliation.kinds.${kind}.title`), subject].filter(Boolean).join(": ")}
        description={t(`reconciliation.kinds.${kind}.text`)}
        breadcrumbs={useFindingBreadcrumbs(addresses)}
        tag={<FindingState finding={finding} />}
        actions={
          (mayAdopt || mayUndo) && (
            <>
              {mayUndo && (
                <ButtonLink to={`${addresses.finding}/reversal`}>{t("reconciliation.undo.link")}</ButtonLink>
              )}
              {mayAdopt && (
                <ButtonLink variant="primary" to={`${addresses.finding}/adoption`}>
                  {t("reconciliation.adopt.link")}
                </ButtonLink>
              )}
            </>
          )
        }
      />
      <Standing finding={finding} />
      <Card>
        <DescriptionList
          items={[
            ...(subject ? [{ term: t("reconciliation.resource"), details: <Name>{subject}</Name> }] : []),
            ...(name
              ? [
                  {
                    term: t("reconciliation.engineUser"),
                    details: <code className="break-all">{resource}</code>,
                  },
                ]
              : []),
            { term: t("reconciliation.firstSeen"), details: <Timestamp at={finding.firstSeenAt} /> },
            { term: t("reconciliation.lastSeen"), details: <Timestamp at={finding.lastSeenAt} /> },
            ...(finding.decidedAt && finding.state !== "open"
              ? [
                  { term: t("reconciliation.decidedAt"), details: <Timestamp at={finding.decidedAt} /> },
                  { term: t("reconciliation.decidedBy"), details: finding.decidedBy ?? "–" },
                ]
              : []),
            ...(finding.closedAt
              ? [{ term: t("reconciliation.closedAt"), details: <Timestamp at={finding.closedAt} /> }]
              : []),
          ]}
        />
      </Card>
      <FindingSides consoleSays={finding.consoleSays} engineSays={finding.engineSays} />
      {finding.state === "open" && <Limits finding={finding} />}
    </>
  );
}

function Name({ children }: { children: string }) {
  return <span className="break-words">{children}</span>;
}

/** What is being done, and what stood in the way. */
function Standing({ finding: { state, lastError } }: { finding: FindingShown }) {
  const { t } = useTranslation();
  if (!isBeingSettled(state) && !(state === "open" && lastError)) return null;
  const problem = lastError && t(`reconciliation.problems.${problemOf(lastError)}`);
  return (
    <div className="mb-6">
      {isBeingSettled(state) ? (
        <Notice tone={problem ? "warning" : "info"} title={t("reconciliation.underWay.title")}>
          {problem && <p>{problem}</p>}
          <p>
            {t(problem ? "reconciliation.underWay.retries" : "reconciliation.underWay.soon")}{" "}
            <Link to=".">{t("common.refresh")}</Link>
          </p>
        </Notice>
      ) : (
        <Notice tone="danger" title={t("reconciliation.notDone")}>
          {problem}
        </Notice>
      )}
    </div>
  );
}

/** Why something is not on offer. */
function Limits({ finding: { choices, mayAdopt, mayUndo } }: { finding: FindingShown }) {
  const { t } = useTranslation();
  const { adopt, undo, decidedBy } = choices;
  const isProviders = decidedBy === "provider" && !mayAdopt && !mayUndo;
  if (!adopt && !undo && !isProviders) return null;
  return (
    <Section title={t("reconciliation.limits.title")}>
      <ul className="list-disc space-y-1 ps-5">
        {adopt && (
          <li>
            {t("reconciliation.limits.adopt")} {t(`reconciliation.obstacles.${adopt}`)}
          </li>
        )}
        {undo && (
          <li>
            {t("reconciliation.limits.undo")} {t(`reconciliation.obstacles.${undo}`)}
          </li>
        )}
        {isProviders && <li>{t("reconciliation.limits.provider")}</li>}
      </ul>
    </Section>
  );
}
