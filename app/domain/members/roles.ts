import type { MemberRole } from "#app/generated/prisma/enums.ts";

/** Roles in an account, the most powerful first; forms offer them, so they stand apart from Zod. */
export const memberRoles = [
  "owner",
  "admin",
  "billing",
  "developer",
  "auditor",
] as const satisfies readonly MemberRole[];

/** What whoever makes another person owner may stay as. */
export const rolesAfterTransfer = ["admin", "owner"] as const satisfies readonly MemberRole[];
