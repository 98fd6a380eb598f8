import type { AccessKeyState } from "#app/generated/prisma/enums.ts";

/** A key that is at the engine and not on its way out: it may be stopped, woken and revoked. */
export const standingStates = [
  "active",
  "deactivating",
  "inactive",
  "reactivating",
] as const satisfies AccessKeyState[];

/** What the list of access keys can be narrowed to, besides by a word. */
export const accessKeyFilters = ["active", "inactive", "revoked", "beyond-policy"] as const;

export function isStanding(state: AccessKeyState): boolean {
  return (standingStates as readonly AccessKeyState[]).includes(state);
}

/** Whether the state changes by itself, so that a page is worth looking at again. */
export function isUnderWay(state: AccessKeyState): boolean {
  return (
    state === "provisioning" || state === "deactivating" || state === "reactivating" || state === "revoking"
  );
}

/** Whether the engine is to accept the key, as far as the key itself goes: its account may be suspended. */
export function isWantedActive(state: AccessKeyState): boolean {
  return state === "active" || state === "reactivating";
}
