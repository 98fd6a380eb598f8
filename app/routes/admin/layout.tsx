import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import { countWaitingAccounts } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { countFailedEmails } from "#app/domain/mail/read-mail.ts";
import { countUnread } from "#app/domain/notifications/read-notifications.ts";
import { countAllFindings } from "#app/domain/reconciliation/read-findings.ts";
import { isEngineAway } from "#app/domain/storage-engine/read-engine.ts";
import { load, signedInUser } from "#app/http/handlers.server.ts";
import { signedInMiddleware, staffMiddleware } from "#app/http/middleware.server.ts";
import { AdminLayout } from "#app/ui/layout/admin-layout.tsx";
import { ErrorContent } from "#app/ui/layout/error-page.tsx";
import { useAreaLinks } from "#app/ui/layout/person-shell.tsx";
import type { NavItem } from "#app/ui/layout/shell.tsx";
import { EngineAway } from "#app/ui/storage-engine/engine-away.tsx";
import type { Route } from "./+types/layout";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware, staffMiddleware];

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [waiting, findings, unread, failedEmails] = await Promise.all([
      countWaitingAccounts(context),
      countAllFindings(context),
      countUnread(context),
      countFailedEmails(context),
    ]);
    return {
      user: signedInUser(args.context),
      // The provider's auditor has the overview alone.
      mayRead: can(context, "accounts:list"),
      waiting,
      findings,
      unread,
      failedEmails,
      isEngineAway: isEngineAway(),
    };
  });
}

export default function Admin({ loaderData }: Route.ComponentProps) {
  return (
    <AdminShell data={loaderData}>
      <Outlet />
    </AdminShell>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  if (!loaderData) throw error;
  return (
    <AdminShell data={loaderData}>
      <ErrorContent error={error} />
    </AdminShell>
  );
}

function AdminShell({ data, children }: { data: Route.ComponentProps["loaderData"]; children: ReactNode }) {
  const { t } = useTranslation();
  const nav: NavItem[] = [
    { to: "/admin", label: t("admin.overview.title"), icon: "overview", end: true },
    { to: "/admin/accounts", label: t("admin.accounts.title"), icon: "account", count: data.waiting },
    {
      to: "/admin/reconciliation",
      label: t("admin.navigation.reconciliation"),
      icon: "shield",
      count: data.findings,
    },
    { to: "/admin/usage", label: t("admin.navigation.usage"), icon: "usage" },
    { to: "/admin/mail", label: t("admin.navigation.mail"), icon: "mail", count: data.failedEmails },
    { to: "/admin/users", label: t("admin.navigation.users"), icon: "members" },
    { to: "/admin/settings/access-keys", label: t("admin.navigation.settings"), icon: "settings" },
  ];
  return (
    <AdminLayout
      user={data.user}
      unread={data.unread}
      nav={nav.filter(({ to }) => data.mayRead || to === "/admin")}
      userLinks={useAreaLinks(data.user, "admin")}
    >
      {data.isEngineAway && <EngineAway stateAt="/admin" />}
      {children}
    </AdminLayout>
  );
}
