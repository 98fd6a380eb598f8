import { useTranslation } from "react-i18next";
import type { accountStates } from "#app/domain/accounts/states.ts";
import { StateTag } from "./state-tag.tsx";
import type { Tone } from "./tone.ts";

type State = (typeof accountStates)[number];

const tones: Record<State, Tone> = {
  pending: "warning",
  approved: "info",
  active: "success",
  suspended: "danger",
  closing: "warning",
  closed: "neutral",
  rejected: "danger",
};

/** An account's state as a label and the tone that goes with it. */
export function useAccountState(state: State): { label: string; tone: Tone } {
  const { t } = useTranslation();
  return { label: t(`accounts.states.${state}`), tone: tones[state] };
}

export function AccountState({ state }: { state: State }) {
  const { label, tone } = useAccountState(state);
  return <StateTag tone={tone}>{label}</StateTag>;
}
