import { useTranslation } from "react-i18next";
import type { AccessKeyListed } from "#app/domain/access-keys/read-access-keys.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import type { Tone } from "#app/ui/layout/tone.ts";

const tones: Record<AccessKeyListed["state"], Tone> = {
  provisioning: "info",
  active: "success",
  deactivating: "warning",
  inactive: "neutral",
  reactivating: "info",
  revoking: "warning",
  revoked: "neutral",
  failed: "danger",
};

export function AccessKeyState({ state }: { state: AccessKeyListed["state"] }) {
  const { t } = useTranslation();
  return <StateTag tone={tones[state]}>{t(`accessKeys.states.${state}`)}</StateTag>;
}
