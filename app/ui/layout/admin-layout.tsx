import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type NavItem, Shell, type ShellUser } from "./shell.tsx";

export interface AdminLayoutProps {
  user: ShellUser;
  /** How many notifications the person has not read. */
  unread: number;
  nav: NavItem[];
  userLinks?: NavItem[];
  children: ReactNode;
}

/** The frame of the operators' pages, in a colour of its own. */
export function AdminLayout({ user, unread, nav, userLinks, children }: AdminLayoutProps) {
  const { t } = useTranslation();
  return (
    <Shell
      area="admin"
      home="/admin"
      brandSuffix={t("common.operatorArea")}
      navLabel={t("common.navigation.admin")}
      nav={nav}
      user={user}
      unread={unread}
      userLinks={userLinks}
    >
      {children}
    </Shell>
  );
}
