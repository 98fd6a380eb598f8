import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConsoleLayout } from "./console-layout.tsx";
import type { NavItem, ShellUser } from "./shell.tsx";

/** Who is signed in, as a layout's loader gives it. */
export interface SignedInUser extends ShellUser {
  /** Works for the provider, and so has the other area, too. */
  isStaff: boolean;
}

/** The way to the other area, for those who have both. */
export function useAreaLinks(user: SignedInUser, area: "console" | "admin"): NavItem[] {
  const { t } = useTranslation();
  if (!user.isStaff) return [];
  return area === "console"
    ? [{ to: "/admin", label: t("common.goToOperatorArea"), icon: "shield" }]
    : [{ to: "/accounts", label: t("common.goToConsole"), icon: "account" }];
}

export interface PersonShellProps {
  user: SignedInUser;
  /** How many notifications they have not read. */
  unread: number;
  children: ReactNode;
}

/** The frame of the pages about a person and the accounts that are theirs. */
export function PersonShell({ user, unread, children }: PersonShellProps) {
  const { t } = useTranslation();
  const nav: NavItem[] = [
    { to: "/accounts", label: t("accounts.list.title"), icon: "account" },
    {
      to: "/me",
      covers: ["/me/details", "/me/data", "/me/closing"],
      label: t("common.person.profile"),
      icon: "settings",
      end: true,
    },
    {
      to: "/me/security",
      covers: ["/me/email"],
      label: t("common.person.security"),
      icon: "shield",
    },
    { to: "/me/sessions", label: t("common.person.sessions"), icon: "key" },
  ];
  return (
    <ConsoleLayout
      user={user}
      unread={unread}
      nav={nav}
      userLinks={useAreaLinks(user, "console")}
      home="/accounts"
    >
      {children}
    </ConsoleLayout>
  );
}
