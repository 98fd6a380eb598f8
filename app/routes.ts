import { index, layout, prefix, type RouteConfig, route } from "@react-router/dev/routes";

/** Every address, one block per area. `:account` is a slug in pages and an id under /api. */
export default [
  index("routes/home.tsx"),
  route("healthz", "routes/healthz.ts"),
  route("readyz", "routes/readyz.ts"),
  route("language", "routes/language.ts"),
  route("theme", "routes/theme.ts"),

  // Coming in
  route("setup/:token", "routes/auth/setup.tsx"),
  route("signup", "routes/auth/signup.tsx"),
  route("signup/sent", "routes/auth/signup-sent.tsx"),
  route("signup/provider", "routes/auth/signup-provider.tsx"),
  route("auth/:provider", "routes/auth/provider.tsx"),
  route("auth/:provider/callback", "routes/auth/provider-callback.tsx"),
  route("verify-email/:token", "routes/auth/verify-email.tsx"),
  route("recovery/:token", "routes/auth/recovery.tsx"),
  route("login", "routes/auth/login.tsx"),
  route("login/second-factor", "routes/auth/second-factor.tsx"),
  route("forgot-password", "routes/auth/forgot-password.tsx"),
  route("forgot-password/sent", "routes/auth/forgot-password-sent.tsx"),
  route("reset-password/:token", "routes/auth/reset-password.tsx"),
  route("confirm-email/:token", "routes/console/me/confirm-email.tsx"),
  route("logout", "routes/auth/logout.ts"),
  route("invitations/:token", "routes/auth/invitation.tsx"),
  route("invitations/:token/refusal", "routes/auth/invitation-refusal.tsx"),
  route("invitations/:token/mail", "routes/auth/invitation-mail.tsx"),

  // The person
  layout("routes/console/person-layout.tsx", [
    route("accounts", "routes/console/accounts/list.tsx"),
    route("accounts/new", "routes/console/accounts/new.tsx"),
    route("notifications", "routes/console/notifications/list.tsx"),
    route("notifications/reading", "routes/console/notifications/reading-all.tsx"),
    route("notifications/:notification/reading", "routes/console/notifications/reading.tsx"),
    route("me/notifications", "routes/console/notifications/preferences.tsx"),
    route("me", "routes/console/me/profile.tsx"),
    route("me/details", "routes/console/me/details.tsx"),
    route("me/sessions", "routes/console/me/sessions.tsx"),
    route("me/sessions/ending", "routes/console/me/sessions-ending.tsx"),
    route("me/sessions/:session/ending", "routes/console/me/session-ending.tsx"),
    route("me/security", "routes/console/me/security/security.tsx"),
    route("me/security/password", "routes/console/me/password.tsx"),
    route("me/security/second-factor/new", "routes/console/me/security/new-second-factor.tsx"),
    route("me/security/second-factor/recovery-codes", "routes/console/me/security/recovery-codes.tsx"),
    route("me/security/second-factor/removal", "routes/console/me/security/second-factor-removal.tsx"),
    route("reauthentication", "routes/console/me/reauthentication.tsx"),
    route("me/email", "routes/console/me/email.tsx"),
    route("me/security/identities", "routes/console/me/identities.tsx"),
    route("me/security/identities/:identity/removal", "routes/console/me/identity-removal.tsx"),
    route("me/data", "routes/console/me/data.tsx"),
    route("me/data/download", "routes/console/me/data-download.ts"),
    route("me/closing", "routes/console/me/closing.tsx"),
  ]),

  // One account
  route("accounts/:account", "routes/console/account-layout.tsx", [
    index("routes/console/overview.tsx"),
    route("registration", "routes/console/accounts/registration.tsx"),

    // Buckets
    route("buckets", "routes/console/buckets/list.tsx"),
    route("buckets/new", "routes/console/buckets/new.tsx"),
    route("buckets/:bucket", "routes/console/buckets/bucket.tsx"),
    route("buckets/:bucket/retry", "routes/console/buckets/retry.ts"),
    route("buckets/:bucket/deletion", "routes/console/buckets/deletion.tsx"),

    // Access keys
    route("access-keys", "routes/console/access-keys/list.tsx"),
    route("access-keys/new", "routes/console/access-keys/new.tsx"),
    route("access-keys/:key", "routes/console/access-keys/access-key.tsx"),
    route("access-keys/:key/revocation", "routes/console/access-keys/revocation.tsx"),

    // What was changed at the engine without the console
    route("reconciliation", "routes/reconciliation/account-findings.tsx"),
    route("reconciliation/:finding", "routes/reconciliation/finding.tsx"),
    route("reconciliation/:finding/adoption", "routes/reconciliation/adoption.tsx"),
    route("reconciliation/:finding/reversal", "routes/reconciliation/reversal.tsx"),

    // Usage
    route("usage", "routes/console/usage.tsx"),
    route("usage.csv", "routes/console/usage-csv.ts"),

    // The team
    route("members", "routes/console/members/list.tsx"),
    route("members/:member", "routes/console/members/member.tsx"),
    route("members/:member/role", "routes/console/members/role.tsx"),
    route("members/:member/removal", "routes/console/members/removal.tsx"),
    route("members/:member/ownership", "routes/console/members/ownership.tsx"),
    route("leaving", "routes/console/members/leaving.tsx"),
    route("invitations", "routes/console/invitations/list.tsx"),
    route("invitations/new", "routes/console/invitations/new.tsx"),
    route("invitations/:invitation/resending", "routes/console/invitations/resending.tsx"),
    route("invitations/:invitation/cancellation", "routes/console/invitations/cancellation.tsx"),

    // Settings
    route("settings", "routes/console/settings/settings.tsx"),
    route("settings/second-factor", "routes/console/settings/second-factor.tsx"),
  ]),

  // The provider
  route("admin", "routes/admin/layout.tsx", [
    index("routes/admin/overview.tsx"),
    route("accounts", "routes/admin/accounts/list.tsx"),
    route("accounts/:account", "routes/admin/accounts/account-layout.tsx", [
      index("routes/admin/accounts/account.tsx"),
      route("approval", "routes/admin/accounts/approval.tsx"),
      route("rejection", "routes/admin/accounts/rejection.tsx"),
      route("provisioning", "routes/admin/accounts/provisioning.ts"),
      route("engine-tenant", "routes/admin/reconciliation/engine-tenant.tsx"),
      // The console's own pages about it, under the provider's middleware.
      ...prefix("reconciliation", [
        index("routes/reconciliation/account-findings.tsx", { id: "admin-account-findings" }),
        route(":finding", "routes/reconciliation/finding.tsx", { id: "admin-finding" }),
        route(":finding/adoption", "routes/reconciliation/adoption.tsx", { id: "admin-adoption" }),
        route(":finding/reversal", "routes/reconciliation/reversal.tsx", { id: "admin-reversal" }),
      ]),
    ]),
    route("reconciliation", "routes/admin/reconciliation/list.tsx"),
    route("mail", "routes/admin/mail/list.tsx"),
    route("mail/previews", "routes/admin/mail/previews.tsx"),
    route("mail/previews/:message", "routes/admin/mail/preview.tsx"),
    route("mail/previews/:message/html", "routes/admin/mail/preview-html.ts"),
    route("mail/:email", "routes/admin/mail/email.tsx"),
    route("users", "routes/admin/users/list.tsx"),
    route("users.csv", "routes/admin/users/list-csv.ts"),
    route("users/invitations", "routes/admin/users/invitations/list.tsx"),
    route("users/invitations/new", "routes/admin/users/invitations/new.tsx"),
    route("users/invitations/:staffInvitation/resending", "routes/admin/users/invitations/resending.tsx"),
    route(
      "users/invitations/:staffInvitation/cancellation",
      "routes/admin/users/invitations/cancellation.tsx",
    ),
    route("users/:user", "routes/admin/users/user-layout.tsx", [
      index("routes/admin/users/user.tsx"),
      route("role", "routes/admin/users/role.tsx"),
      route("sessions", "routes/admin/users/sessions.tsx"),
      route("password-reset", "routes/admin/users/password-reset.tsx"),
      route("second-factor", "routes/admin/users/second-factor.tsx"),
      route("disabling", "routes/admin/users/disabling.tsx"),
      route("enabling", "routes/admin/users/enabling.tsx"),
    ]),
    route("usage", "routes/admin/usage.tsx"),
  ]),

  // JSON, by the same commands
  ...prefix("api", [
    route("notifications", "routes/api/notifications.ts"),
    route("notifications/read-all", "routes/api/notifications-read-all.ts"),
    route("notifications/:notification/read", "routes/api/notifications-read.ts"),
    route("accounts", "routes/api/accounts.ts"),
    route("accounts/:account", "routes/api/account-layout.ts", [
      index("routes/api/account.ts"),
      route("buckets", "routes/api/buckets.ts"),
      route("buckets/:bucket", "routes/api/buckets-one.ts"),
      route("access-keys", "routes/api/access-keys.ts"),
      route("access-keys/:key", "routes/api/access-keys-one.ts"),
      route("access-keys/:key/revoke", "routes/api/access-keys-revoke.ts"),
      route("findings", "routes/api/findings.ts"),
      route("findings/:finding", "routes/api/findings-one.ts"),
      route("findings/:finding/adopt", "routes/api/findings-adopt.ts"),
      route("findings/:finding/undo", "routes/api/findings-undo.ts"),
      route("usage", "routes/api/usage.ts"),
      route("quotas", "routes/api/quotas.ts"),
    ]),
    route("admin/findings", "routes/api/admin-findings.ts"),
    route("admin/accounts/:account", "routes/api/admin-account-layout.ts", [
      route("approve", "routes/api/admin-approve.ts"),
      route("reject", "routes/api/admin-reject.ts"),
      route("adopt-tenant", "routes/api/admin-adopt-tenant.ts"),
      route("findings", "routes/api/findings.ts", { id: "api-admin-account-findings" }),
      route("findings/:finding", "routes/api/findings-one.ts", { id: "api-admin-finding" }),
      route("findings/:finding/adopt", "routes/api/findings-adopt.ts", { id: "api-admin-adopt" }),
      route("findings/:finding/undo", "routes/api/findings-undo.ts", { id: "api-admin-undo" }),
    ]),
    route("*", "routes/api/not-found.ts"),
  ]),

  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
