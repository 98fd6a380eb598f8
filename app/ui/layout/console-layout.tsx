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

interface AccountChoice {
  name: string;
  to: string;
  isCurrent: boolean;
}

export interface ConsoleLayoutProps {
  user: ShellUser;
  /** How many notifications the person has not read. */
  unread: number;
  /** The account whose pages these are; none on pages about the person. */
  account?: ConsoleAccount;
  nav: NavItem[];
  /** Accounts of the person to switch to, this one among them. */
  accounts?: AccountChoice[];
  userLinks?: NavItem[];
  home: string;
  children: ReactNode;
}

/** The frame of the pages of tenants. */
export function ConsoleLayout(props: ConsoleLayoutProps) {
  const { user, unread, account, nav, accounts = [], userLinks, home, children } = props;
  const { t } = useTranslation();
  return (
    <Shell
      area="console"
      home={home}
      navLabel={account ? t("common.navigation.account") : t("common.navigation.pages")}
      nav={nav}
      context={account && <AccountSwitch account={account} accounts={accounts} />}
      user={user}
      unread={unread}
      userLinks={userLinks}
    >
      {children}
    </Shell>
  );
}

function AccountSwitch({ account, accounts }: { account: ConsoleAccount; accounts: AccountChoice[] }) {
  const { t } = useTranslation();
  return (
    <div className="rounded-control border border-bar-raised px-3 py-2">
      <p className="font-semibold">{account.name}</p>
      <p className="mt-1">
        <StateTag tone={account.state.tone}>{account.state.label}</StateTag>
      </p>
      {/* Of another account another one, so that it is closed once it has done its work. */}
      <details key={accounts.find(({ isCurrent }) => isCurrent)?.to} className="mt-2 text-sm">
        <summary className="min-h-6 text-bar-muted">{t("common.switchAccount")}</summary>
        <ul className="mt-1">
          {accounts.map(({ name, to, isCurrent }) => (
            <li key={to}>
              <Link
                to={to}
                aria-current={isCurrent || undefined}
                className={`block py-1 text-bar-ink hover:text-bar-ink ${isCurrent ? "font-semibold no-underline" : ""}`}
              >
                {name}
              </Link>
            </li>
          ))}
          <li>
            <Link to="/accounts" className="block py-1 text-bar-ink hover:text-bar-ink">
              {t("common.allAccounts")}
            </Link>
          </li>
        </ul>
      </details>
    </div>
  );
}
