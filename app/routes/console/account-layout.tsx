import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href, Outlet } from "react-router";
import { listAccountsToSwitchTo } from "#app/domain/accounts/read-accounts.ts";
import { type Action, can } from "#app/domain/authorization.ts";
import { countUnread } from "#app/domain/notifications/read-notifications.ts";
import { countFindings } from "#app/domain/reconciliation/read-findings.ts";
import { isEngineAway } from "#app/domain/storage-engine/read-engine.ts";
import { load, signedInUser } from "#app/http/handlers.server.ts";
import { signedInMiddleware, tenantMiddleware } from "#app/http/middleware.server.ts";
import { useAccountState } from "#app/ui/layout/account-state.tsx";
import { ConsoleLayout } from "#app/ui/layout/console-layout.tsx";
import { ErrorContent } from "#app/ui/layout/error-page.tsx";
import { useAreaLinks } from "#app/ui/layout/person-shell.tsx";
import type { NavItem } from "#app/ui/layout/shell.tsx";
import { EngineAway } from "#app/ui/storage-engine/engine-away.tsx";
import type { Route } from "./+types/account-layout";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware, tenantMiddleware];

/** Pages of the navigation, each behind the permission that its loader asks for. */
const pages = [
  { path: "buckets", action: "buckets:list", icon: "bucket" },
  { path: "access-keys", action: "access-keys:list", icon: "key" },
  { path: "usage", action: "usage:read", icon: "usage" },
  { path: "reconciliation", action: "findings:list", icon: "shield" },
  { path: "members", action: "members:list", icon: "members" },
  { path: "settings", action: "accounts:read-settings", icon: "settings" },
] as const satisfies { path: string; action: Action; icon: NavItem["icon"] }[];

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [accounts, findings, unread] = await Promise.all([
      listAccountsToSwitchTo(context),
      countFindings(context),
      countUnread(context),
    ]);
    const account = accounts.find(({ id }) => id === context.accountId);
    return {
      user: signedInUser(args.context),
      account: { name: account?.name ?? "", state: account?.state ?? ("pending" as const) },
      accounts: accounts.map(({ name, slug }) => ({ name, slug })),
      findings,
      unread,
      isEngineAway: isEngineAway(),
      pages: pages.filter(({ action }) => can(context, action)).map(({ path }) => path),
    };
  });
}

export default function AccountLayout({ loaderData, params }: Route.ComponentProps) {
  return (
    <AccountShell data={loaderData} slug={params.account}>
      <Outlet />
    </AccountShell>
  );
}

export function ErrorBoundary({ error, loaderData, params }: Route.ErrorBoundaryProps) {
  if (!loaderData) throw error;
  return (
    <AccountShell data={loaderData} slug={params.account}>
      <ErrorContent error={error} />
    </AccountShell>
  );
}

interface AccountShellProps {
  data: Route.ComponentProps["loaderData"];
  slug: string;
  children: ReactNode;
}

function AccountShell({ data, slug, children }: AccountShellProps) {
  const { t } = useTranslation();
  const home = href("/accounts/:account", { account: slug });
  const nav: NavItem[] = [
    {
      to: home,
      covers: [`${home}/registration`, `${home}/leaving`],
      label: t("accounts.overview.title"),
      icon: "overview",
      end: true,
    },
    ...pages
      .filter(({ path }) => data.pages.includes(path))
      .map(({ path, icon }) => ({
        to: `${home}/${path}`,
        label: t(`accounts.navigation.${path}`),
        icon,
        ...(path === "reconciliation" ? { count: data.findings } : {}),
        ...(path === "members" ? { covers: [`${home}/invitations`] } : {}),
      })),
  ];
  return (
    <ConsoleLayout
      user={data.user}
      unread={data.unread}
      account={{ name: data.account.name, state: useAccountState(data.account.state) }}
      nav={nav}
      accounts={data.accounts.map(({ name, slug: to }) => ({
        name,
        to: href("/accounts/:account", { account: to }),
        isCurrent: to === slug,
      }))}
      userLinks={useAreaLinks(data.user, "console")}
      home={home}
    >
      {data.isEngineAway && <EngineAway />}
      {children}
    </ConsoleLayout>
  );
}
