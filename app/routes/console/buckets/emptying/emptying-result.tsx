import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { EmptyingCounts } from "./emptying-counts.tsx";
import { EmptyingProblemText } from "./emptying-problem.tsx";

const tones = { finished: "success", stopped: "info", failed: "danger" } as const;

export interface EmptyingResultProps {
  emptying: Emptying;
  params: { account: string; bucket: string };
}

/** What came of an emptying that has ended. */
export function EmptyingResult({ emptying, params }: EmptyingResultProps) {
  const { t } = useTranslation();
  const outcome = emptying.state as keyof typeof tones;
  return (
    <Section title={t("emptying.result.title")}>
      <div className="space-y-3">
        <Notice tone={tones[outcome]} title={t(`emptying.result.${outcome}`)}>
          {outcome === "stopped" && <p>{t("emptying.result.stoppedText")}</p>}
          {emptying.problem && (
            <p>
              <EmptyingProblemText problem={emptying.problem} />
            </p>
          )}
          {outcome !== "finished" && (
            <p>
              <Link to={`${href("/accounts/:account/buckets/:bucket", params)}/objects?view=versions`}>
                {t("emptying.result.remaining")}
              </Link>
            </p>
          )}
        </Notice>
        <Card>
          <EmptyingCounts emptying={emptying} />
        </Card>
      </div>
    </Section>
  );
}
