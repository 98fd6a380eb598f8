import { useTranslation } from "react-i18next";
import { type Outcome, type TestStep, testSteps } from "#app/domain/connection-test/results.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import type { Tone } from "#app/ui/layout/tone.ts";

/** A step that was taken, in the reader's words: there are too many of them to send them all to every browser. */
export interface ShownResult {
  step: TestStep;
  outcome: Outcome;
  text: string;
}

const tones: Record<Outcome, Tone> = {
  passed: "success",
  warning: "warning",
  failed: "danger",
  skipped: "neutral",
};

/** What a connection test found, step by step, and what to do about it. */
export function TestResults({ results }: { results: ShownResult[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("keySettings.test.result")}>
      <div className="space-y-4">
        <Verdict results={results} />
        <ol className="divide-y divide-line rounded-card border border-line bg-surface">
          {testSteps.map((step) => {
            const result = results.find((candidate) => candidate.step === step);
            const outcome = result?.outcome ?? "skipped";
            return (
              <li key={step} className="px-4 py-3 sm:px-5">
                <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
                  <h3 className="text-base font-semibold">{t(`keySettings.test.steps.${step}`)}</h3>
                  <StateTag tone={tones[outcome]}>{t(`keySettings.test.outcomes.${outcome}`)}</StateTag>
                </div>
                <p className="mt-1 max-w-prose wrap-anywhere text-muted">
                  {result?.text ?? t("keySettings.test.notReached")}
                </p>
              </li>
            );
          })}
        </ol>
      </div>
    </Section>
  );
}

function Verdict({ results }: { results: ShownResult[] }) {
  const { t } = useTranslation();
  const failed = results.find(({ outcome }) => outcome === "failed");
  if (failed) {
    const step = t(`keySettings.test.steps.${failed.step}`);
    return <Notice tone="danger" title={t("keySettings.test.somethingFailed", { step })} />;
  }
  const isOdd = results.some(({ outcome }) => outcome === "warning");
  return isOdd ? (
    <Notice tone="warning" title={t("keySettings.test.somethingOdd")} />
  ) : (
    <Notice tone="success" title={t("keySettings.test.allPassed")} />
  );
}
