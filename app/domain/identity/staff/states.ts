/** Roles among the provider's staff, the one that may most first. */
export const providerRoles = ["operator", "support", "auditor"] as const;

/** In place of a role, in a form: not of the staff. */
export const noProviderRole = "none";
export const providerRoleChoices = [...providerRoles, noProviderRole] as const;

/** What the list of users can be narrowed to. */
export const userFilters = ["staff", "disabled", "closed"] as const;

/** How a user stands. Closed is for good: the person is forgotten. */
export type UserState = "active" | "disabled" | "closed";

/** What the audit log tells on a user's page: signing in, and what changes how it is done. */
export const userHistoryActions = [
  "setup:complete",
  "sign-ups:confirm",
  "invitations:accept",
  "sessions:create",
  "sessions:verify-second-factor",
  "users:change-password",
  "users:reset-password",
  "users:confirm-email-change",
  "users:enable-second-factor",
  "users:disable-second-factor",
  "users:send-password-reset",
  "users:end-sessions",
  "users:reset-second-factor",
  "users:change-provider-role",
  "users:disable",
  "users:enable",
  "operators:recover",
  "operators:complete-recovery",
] as const;
