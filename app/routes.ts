import { index, layout, prefix, type RouteConfig, route } from "@react-router/dev/routes";

/** Every address, one block per area. `:account` is a slug in pages and an id under /api. */
export default [
  index("routes/home.tsx"),
  route("healthz", "routes/healthz.ts"),
  route("readyz", "routes/readyz.ts"),
  route("language", "routes/language.ts"),

  // Coming in
  route("setup/:token", "routes/auth/setup.tsx"),
  route("signup", "routes/auth/signup.tsx"),
  route("signup/sent", "routes/auth/signup-sent.tsx"),
  route("verify-email/:token", "routes/auth/verify-email.tsx"),
  route("login", "routes/auth/login.tsx"),
  route("logout", "routes/auth/logout.ts"),

  // The person
  layout("routes/console/person-layout.tsx", [
    route("accounts", "routes/console/accounts/list.tsx"),
    route("accounts/new", "routes/console/accounts/new.tsx"),
    route("me", "routes/console/me.tsx"),
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
    route("usage", "routes/admin/usage.tsx"),
  ]),

  // JSON, by the same commands
  ...prefix("api", [
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
