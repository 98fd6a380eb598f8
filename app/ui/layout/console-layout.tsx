import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type NavItem, Shell, type ShellUser } from "./shell.tsx";
import { StateTag } from "./state-tag.tsx";
import type { Tone } from "./tone.ts";

export interface ConsoleAccount {
  name: string;
  state: { label: string; tone: Tone };
}

export interface ConsoleLayoutProps {
  user: ShellUser;
  /** The account whose pages these are; none on pages about the person. */
  account?: ConsoleAccount;
  nav: NavItem[];
  /** Where the person can go besides: other accounts, for one. */
  otherAccounts?: { name: string; to: string }[];
  userLinks?: NavItem[];
  home: string;
  children: ReactNode;
}

/** The frame of the pages of tenants. */
export function ConsoleLayout(props: ConsoleLayoutProps) {
  const { user, account, nav, otherAccounts = [], userLinks, home, children } = props;
  const { t } = useTranslation();
  return (
    <Shell
      area="console"
      home={home}
      navLabel={account ? t("common.navigation.account") : t("common.navigation.pages")}
      nav={nav}
      context={account && <AccountSwitch account={account} others={otherAccounts} />}
      user={user}
      userLinks={userLinks}
    >
      {children}
    </Shell>
  );
}

function AccountSwitch({
  account,
  others,
}: {
  account: ConsoleAccount;
  others: { name: string; to: string }[];
}) {
  const { t } = useTranslation();
  return (
    <div className="rounded-control border border-bar-raised px-3 py-2">
      <p className="font-semibold">{account.name}</p>
      <p className="mt-1">
        <StateTag tone={account.state.tone}>{account.state.label}</StateTag>
      </p>
      <details className="mt-2 text-sm">
        <summary className="min-h-6 text-bar-muted">{t("common.switchAccount")}</summary>
        <ul className="mt-1">
          {[...others, { name: t("common.allAccounts"), to: "/accounts" }].map(({ name, to }) => (
            <li key={to}>
              <Link to={to} className="block py-1 text-bar-ink hover:text-bar-ink">
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}
