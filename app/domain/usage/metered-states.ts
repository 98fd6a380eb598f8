import type { AccountState } from "#app/generated/prisma/enums.ts";

/** States in which an account's tenant is at the engine and may hold data. */
export const meteredStates: AccountState[] = ["active", "suspended", "closing"];
