import { useTranslation } from "react-i18next";
import type { FindingListed } from "#app/domain/reconciliation/read-findings.ts";
import { StateTag } from "../layout/state-tag.tsx";

const tones = {
  open: "warning",
  adopting: "info",
  undoing: "info",
  adopted: "success",
  undone: "success",
  disappeared: "neutral",
} as const;

/** Where a finding stands; of a closed one, how it ended. */
export function FindingState({ finding }: { finding: Pick<FindingListed, "state" | "outcome"> }) {
  const { t } = useTranslation();
  const standing = finding.state === "closed" ? (finding.outcome ?? "disappeared") : finding.state;
  return <StateTag tone={tones[standing]}>{t(`reconciliation.states.${standing}`)}</StateTag>;
}
