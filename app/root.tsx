import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { data, Links, Meta, Outlet, Scripts, ScrollRestoration, useLocation } from "react-router";
import { timeZone } from "#app/domain/time-zone.ts";
import { visitContext } from "#app/http/context.ts";
import { clearFlash, readFlash } from "#app/http/flash.server.ts";
import { readRestoredForm } from "#app/http/form-drafts.server.ts";
import { i18nMiddleware, localeOf } from "#app/http/i18n.server.ts";
import { requestMiddleware, visitMiddleware } from "#app/http/middleware.server.ts";
import { prepareStrings, switchLocale } from "#app/locales/browser.ts";
import { ErrorPage } from "#app/ui/layout/error-page.tsx";
import { type RootData, useRootData } from "#app/ui/root-data.ts";
import { useTheme } from "#app/ui/theme.ts";
import type { Route } from "./+types/root";
import "./app.css";

/** In this order: the language first, so that whatever is refused after it is said in it. */
export const middleware: Route.MiddlewareFunction[] = [i18nMiddleware, requestMiddleware, visitMiddleware];

/** In the browser, for each navigation. */
export const clientMiddleware: Route.ClientMiddlewareFunction[] = [
  async ({ request }, next) => {
    await prepareStrings(new URL(request.url).pathname);
    await next();
  },
];

export async function loader({ request, context }: Route.LoaderArgs) {
  const [flash, restoredForm] = await Promise.all([readFlash(request), readRestoredForm(request, context)]);
  const { user, formToken } = context.get(visitContext);
  const root: RootData = {
    locale: localeOf(context),
    timeZone: user?.timeZone ?? timeZone,
    formToken,
    flash,
    restoredForm,
  };
  return data(root, { headers: flash ? { "Set-Cookie": await clearFlash() } : {} });
}

/** The document around every page and every error page. */
export function Layout({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const theme = useTheme();
  return (
    <html lang={i18n.language} data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme === "system" ? "light dark" : theme} />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export default function App() {
  useReadersLanguage();
  useFocusAfterNavigation();
  return <Outlet />;
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return <ErrorPage error={error} />;
}

/** Follows a change of language within a visit: signing in brings the person's own. */
function useReadersLanguage() {
  const { i18n } = useTranslation();
  const { locale } = useRootData();
  useEffect(() => {
    if (i18n.language !== locale) void switchLocale(i18n, locale);
  }, [i18n, locale]);
}

/**
 * Moves focus to the new page after a navigation in the browser, as loading a page would: otherwise
 * a screen reader says nothing, and a keyboard goes on from a link that is no longer there.
 */
function useFocusAfterNavigation() {
  const { pathname } = useLocation();
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the address that must change.
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    document.getElementById("main")?.focus({ preventScroll: true });
  }, [pathname]);
}
