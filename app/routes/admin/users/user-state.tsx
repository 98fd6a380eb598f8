import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { providerRoles, UserState as State } from "#app/domain/identity/staff/states.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import type { Tone } from "#app/ui/layout/tone.ts";

const tones: Record<State, Tone> = { active: "success", disabled: "danger", closed: "neutral" };

/** How a user stands. */
export function UserState({ state }: { state: State }) {
  const { t } = useTranslation();
  return <StateTag tone={tones[state]}>{t(`users.states.${state}`)}</StateTag>;
}

/** A role among the provider's staff, or that somebody is not of them. */
export function ProviderRole({ role }: { role: (typeof providerRoles)[number] | null }) {
  const { t } = useTranslation();
  return role ? t(`users.roles.${role}`) : <Muted>{t("users.roles.none")}</Muted>;
}

/** What is not there. */
export function Muted({ children }: { children: ReactNode }) {
  return <span className="text-muted">{children}</span>;
}
