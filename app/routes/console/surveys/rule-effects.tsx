import { useTranslation } from "react-i18next";
import type { LifecycleRuleValues } from "#app/domain/lifecycle/rule-input.ts";
import type { Survey } from "#app/domain/surveys/read-surveys.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { RuleEffectsTable } from "#app/ui/surveys/rule-effects-table.tsx";
import { type ChangedRule, ruleFormHref, surveyHref } from "./addresses.ts";
import { useBoundWords } from "./bound-words.ts";

export interface RuleEffectsProps {
  survey: Pick<Survey, "id" | "counts">;
  params: { account: string; bucket: string };
  values: LifecycleRuleValues;
  changed: ChangedRule | null;
  canSave: boolean;
}

/** What the rule of a preview would delete, and the ways on: change it, or save it as it is. */
export function RuleEffects({ survey: { id, counts }, params, values, changed, canSave }: RuleEffectsProps) {
  const { t } = useTranslation();
  const bound = useBoundWords(counts, {
    entries: "surveys.effects.partialEntries",
    time: "surveys.effects.partialTime",
    tags: "surveys.effects.partialTags",
  });
  const keepsVersions = counts !== null && counts.versioning !== "unset";
  return (
    <>
      {counts?.rule && (
        <Section title={t("surveys.effects.title")}>
          <div className="space-y-4">
            {bound && <Notice tone="warning" title={bound} />}
            <RuleEffectsTable effects={counts.rule} keepsVersions={keepsVersions} />
            {counts.rule.in30Days.hidden.count > 0n && <Notice>{t("surveys.effects.hiddenNote")}</Notice>}
            <p className="max-w-prose text-sm text-muted">
              {t("surveys.effects.assumption")} {t("surveys.effects.rounding")}
            </p>
          </div>
        </Section>
      )}
      {canSave && (
        <div className="mt-6 space-y-3">
          {!values.enabled && <p>{t("surveys.effects.off")}</p>}
          <div className="flex flex-wrap gap-3">
            <AppForm action={surveyHref({ ...params, survey: id }, changed, "/saving")}>
              <SubmitButton>{t("surveys.saving.submit")}</SubmitButton>
            </AppForm>
            <ButtonLink to={ruleFormHref(params, values, changed)}>{t("surveys.effects.back")}</ButtonLink>
          </div>
        </div>
      )}
    </>
  );
}
