import { useTranslation } from "react-i18next";
import type { BucketListed } from "#app/domain/buckets/read-buckets.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import type { Tone } from "#app/ui/layout/tone.ts";

const tones: Record<BucketListed["state"], Tone> = {
  provisioning: "info",
  active: "success",
  deleting: "warning",
  failed: "danger",
};

export function BucketState({ state }: { state: BucketListed["state"] }) {
  const { t } = useTranslation();
  return <StateTag tone={tones[state]}>{t(`buckets.states.${state}`)}</StateTag>;
}
