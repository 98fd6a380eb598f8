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
    ]),
  ]),

  // JSON, by the same commands
  ...prefix("api", [
    route("accounts", "routes/api/accounts.ts"),
    route("accounts/:account", "routes/api/account-layout.ts", [index("routes/api/account.ts")]),
    route("admin/accounts/:account", "routes/api/admin-account-layout.ts", [
      route("approve", "routes/api/admin-approve.ts"),
      route("reject", "routes/api/admin-reject.ts"),
    ]),
    route("*", "routes/api/not-found.ts"),
  ]),

  route("*", "routes/not-found.tsx"),
] satisfies RouteConfig;
