import { useTranslation } from "react-i18next";
import type { EngineShown } from "#app/domain/storage-engine/read-engine.ts";
import { type Description, DescriptionList } from "../layout/description-list.tsx";
import { Notice } from "../layout/notice.tsx";
import { Card, Section } from "../layout/section.tsx";
import { StateTag } from "../layout/state-tag.tsx";
import { Count, Timestamp } from "../values.tsx";

const tones = { answers: "success", away: "danger", refuses: "danger" } as const;

/** Whether the storage engine works, which one it is, and what stands in the way: for operators. */
export function EngineState({ engine }: { engine: EngineShown }) {
  const { t } = useTranslation();
  const { condition, identity } = engine;
  const limitation = identity?.limitation;
  return (
    <Section title={t("admin.engine.title")} description={t("admin.engine.intro")}>
      {limitation && (
        <div className="mb-4">
          <Notice tone="danger" title={t(`admin.engine.limitations.${limitation}.title`)}>
            {t(`admin.engine.limitations.${limitation}.text`)}
          </Notice>
        </div>
      )}
      {condition === "refuses" && (
        <div className="mb-4">
          <Notice tone="danger" title={t("admin.engine.refused")}>
            {t("admin.engine.refusedAdvice")}
          </Notice>
        </div>
      )}
      <Card>
        <DescriptionList items={useFacts(engine)} />
      </Card>
    </Section>
  );
}

function useFacts({ condition, latencyMs, since, lastError, identity }: EngineShown): Description[] {
  const { t } = useTranslation();
  return [
    {
      term: t("admin.engine.condition"),
      details: (
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StateTag tone={tones[condition]}>{t(`admin.engine.conditions.${condition}`)}</StateTag>
          {condition !== "refuses" && (
            <span className="text-sm text-muted">
              {t("admin.engine.since")} <Timestamp at={since} style="exact" />
            </span>
          )}
        </span>
      ),
    },
    {
      term: t("admin.engine.latency"),
      details:
        latencyMs === null ? (
          "–"
        ) : (
          <>
            <Count value={Math.max(1, Math.round(latencyMs))} /> ms
          </>
        ),
    },
    {
      term: t("admin.engine.lastError"),
      details: lastError ? (
        <>
          <code className="break-words">{lastError.message}</code>
          <span className="block text-sm text-muted">
            <Timestamp at={lastError.at} style="exact" />
          </span>
        </>
      ) : (
        t("admin.engine.noError")
      ),
    },
    {
      term: t("admin.engine.kind"),
      details: identity ? t(`admin.engine.kinds.${identity.engine}`) : t("admin.engine.unknown"),
    },
    {
      term: t("admin.engine.tenancy"),
      details: identity ? t(`admin.engine.tenancies.${identity.tenancy}`) : t("admin.engine.unknown"),
    },
  ];
}
