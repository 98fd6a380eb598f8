import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { AppForm } from "../form/app-form.tsx";
import { formatZone } from "../format.ts";
import { useRootData } from "../root-data.ts";
import { Brand } from "./brand.tsx";
import { Icon, type IconName } from "./icon.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { Flash } from "./notice.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

export interface NavItem {
  to: string;
  label: string;
  icon: IconName;
  /** Current on this address alone, not on those below it: for the first page of an area. */
  end?: boolean;
  /** Other addresses that it is current on, and on those below them. */
  covers?: string[];
  /** How many things wait there. */
  count?: number;
  /** The count as it is said, where the number alone would not be understood. */
  countWords?: string;
}

/** The person who is signed in. */
export interface ShellUser {
  name: string;
  email: string;
}

export interface ShellProps {
  area: "console" | "admin";
  home: string;
  brandSuffix?: string;
  /** Names the navigation: there may be another on the page. */
  navLabel: string;
  nav: NavItem[];
  /** Above the navigation: which account this is. */
  context?: ReactNode;
  user: ShellUser;
  /** How many notifications the person has not read, as far as they were counted. */
  unread: number;
  /** Links beside the person's profile, such as the way to the other area. */
  userLinks?: NavItem[];
  children: ReactNode;
}

/**
 * The frame of a signed-in page: a side bar on a wide screen; on a narrow one the same behind a
 * button. It is a popover, so the button works, and Escape closes it, without JavaScript.
 */
export function Shell(props: ShellProps) {
  const { area, home, brandSuffix, navLabel, nav, context, user, unread, userLinks = [], children } = props;
  const { t } = useTranslation();
  const notifications = useNotificationsLink(unread);
  return (
    <div className="shell min-h-screen" data-area={area}>
      <SkipLink />
      <header className="bg-bar text-bar-ink print:hidden">
        <div className="lg:sticky lg:top-0 lg:flex lg:h-screen lg:flex-col">
          <div className="flex h-14 items-center justify-between gap-3 px-4 lg:h-16 lg:px-5">
            <Brand home={home} suffix={brandSuffix} />
            <button
              type="button"
              popoverTarget="shell-menu"
              className="relative min-h-10 shrink-0 rounded-control border border-bar-muted px-3 font-semibold lg:hidden"
            >
              {t("common.menu")}{" "}
              <span className="absolute -end-2 -top-2">
                <CountBadge {...notifications} />
              </span>
            </button>
          </div>
          <div
            ref={useClosedByNavigation()}
            id="shell-menu"
            popover="auto"
            className="shell-menu m-0 flex-col gap-5 border-0 bg-bar px-4 pt-2 pb-5 text-bar-ink lg:min-h-0 lg:grow lg:overflow-y-auto lg:px-3"
          >
            {context}
            <nav aria-label={navLabel}>
              <ul className="space-y-0.5">
                {nav.map((item) => (
                  <BarLink key={item.to} {...item} />
                ))}
              </ul>
            </nav>
            <UserMenu user={user} links={[notifications, ...userLinks]} />
          </div>
        </div>
      </header>
      <div className="flex min-w-0 flex-col">
        <main id="main" tabIndex={-1} className="w-full max-w-6xl grow px-4 py-6 sm:px-8 lg:py-8">
          <Flash />
          {children}
        </main>
        <ShellFooter />
      </div>
    </div>
  );
}

/** The way to the person's notifications, with how many of them are unread. */
function useNotificationsLink(unread: number): NavItem {
  const { t } = useTranslation();
  const countWords =
    unread > mostShown ? t("notifications.unreadMany") : t("notifications.unreadCount", { count: unread });
  return {
    to: "/notifications",
    covers: ["/me/notifications"],
    label: t("notifications.title"),
    icon: "bell",
    count: unread,
    countWords,
  };
}

/** A popover that a link in it leaves open would cover the page that the link led to. */
function useClosedByNavigation() {
  const popover = useRef<HTMLDivElement>(null);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each navigation closes it.
  useEffect(() => popover.current?.hidePopover?.(), [key]);
  return popover;
}

/** The first thing that a keyboard reaches; seen only then. */
export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#main"
      className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-control focus:bg-surface focus:px-4 focus:py-2 focus:font-semibold"
    >
      {t("common.skipToContent")}
    </a>
  );
}

const barLink =
  "flex min-h-10 items-center gap-3 rounded-control px-3 text-bar-ink no-underline hover:bg-bar-raised hover:text-bar-ink";

function BarLink({ to, label, icon, end = false, covers = [], ...waiting }: NavItem) {
  const { pathname } = useLocation();
  const isCurrent = pathname === to || (end ? covers : [to, ...covers]).some((it) => isAt(pathname, it));
  return (
    <li>
      <Link
        to={to}
        aria-current={isCurrent ? "page" : undefined}
        className={`${barLink} aria-[current=page]:bg-bar-raised aria-[current=page]:font-semibold aria-[current=page]:shadow-[inset_3px_0_var(--highlight)]`}
      >
        <Icon name={icon} />
        <span className="grow">{label}</span> <CountBadge {...waiting} />
      </Link>
    </li>
  );
}

/** At the address itself, or below it. */
function isAt(pathname: string, address: string): boolean {
  return pathname === address || pathname.startsWith(`${address}/`);
}

/** Larger counts say nothing more, and cost more to count. */
const mostShown = 99;

function CountBadge({ count = 0, countWords }: Pick<NavItem, "count" | "countWords">) {
  if (count === 0) return null;
  const number = count > mostShown ? `${mostShown}+` : count;
  return (
    <span className="rounded-full bg-highlight px-2 text-sm font-semibold text-on-highlight">
      {countWords ? <span aria-hidden="true">{number}</span> : number}{" "}
      {countWords && <span className="sr-only">{`(${countWords})`}</span>}
    </span>
  );
}

function UserMenu({ user, links }: { user: ShellUser; links: NavItem[] }) {
  const { t } = useTranslation();
  return (
    <div className="mt-auto space-y-2 border-t border-bar-raised pt-4">
      <ul className="space-y-0.5">
        {links.map((item) => (
          <BarLink key={item.to} {...item} />
        ))}
      </ul>
      <div className="px-3 text-sm leading-snug">
        <p>
          <span className="sr-only">{t("common.signedInAs")} </span>
          <Link to="/me" className="font-semibold text-bar-ink hover:text-bar-ink">
            {user.name}
          </Link>
        </p>
        <p className="truncate text-bar-muted" title={user.email}>
          {user.email}
        </p>
      </div>
      <AppForm action="/logout" reloadDocument>
        <button type="submit" className={`${barLink} w-full`}>
          {t("common.signOut")}
        </button>
      </AppForm>
    </div>
  );
}

function ShellFooter() {
  const { t } = useTranslation();
  const { timeZone, locale } = useRootData();
  return (
    <footer className="flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-4 text-sm text-muted sm:px-8 print:hidden">
      <p suppressHydrationWarning>{t("common.timesIn", { timeZone: formatZone(timeZone, locale) })}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-1">
        <ThemeSwitch />
        <LanguageSwitch />
      </div>
    </footer>
  );
}
