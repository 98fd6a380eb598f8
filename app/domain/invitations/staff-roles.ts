import type { ProviderRole } from "#app/generated/prisma/enums.ts";

/** Roles of the provider's staff, the most powerful first; forms offer them, so they stand apart from Zod. */
export const staffRoles = ["operator", "support", "auditor"] as const satisfies readonly ProviderRole[];
