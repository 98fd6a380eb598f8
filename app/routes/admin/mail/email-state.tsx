import { useTranslation } from "react-i18next";
import type { EmailListed } from "#app/domain/mail/read-mail.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import type { Tone } from "#app/ui/layout/tone.ts";

const tones: Record<EmailListed["state"], Tone> = {
  queued: "info",
  failed: "danger",
  sent: "success",
  obsolete: "neutral",
};

export function EmailState({ state }: { state: EmailListed["state"] }) {
  const { t } = useTranslation();
  return <StateTag tone={tones[state]}>{t(`mail.states.${state}`)}</StateTag>;
}
