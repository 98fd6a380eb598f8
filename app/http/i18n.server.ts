import type { i18n as I18n, TFunction } from "i18next";
import { createInstance } from "i18next";
import type { RouterContextProvider } from "react-router";
import { createCookie } from "react-router";
import { createI18nextMiddleware } from "remix-i18next";
import { i18nOptions } from "#app/locales/i18n-options.ts";
import { defaultLocale, isLocale, type Locale, locales, negotiateLocale } from "#app/locales/index.ts";
import { resources } from "#app/locales/resources.server.ts";
import { isSecure } from "./host-cookie.server.ts";

/**
 * Remembers a language that somebody chose. Signing in writes the person's own language here too, so
 * that the pages have one place to look.
 */
export const localeCookie = createCookie("lng", {
  path: "/",
  sameSite: "lax",
  httpOnly: true,
  secure: isSecure,
  maxAge: 60 * 60 * 24 * 365,
});

const [i18nMiddleware, detectedLocale, instanceOf] = createI18nextMiddleware({
  detection: {
    supportedLanguages: [...locales],
    fallbackLanguage: defaultLocale,
    order: ["cookie", "custom"],
    cookie: localeCookie,
    // The library's own header detection looks at the first language only, and would answer
    // "fr, en;q=0.8" with our default instead of English.
    findLocale: async ({ request }) => negotiateLocale(request.headers.get("Accept-Language")),
  },
  i18next: { ...i18nOptions, resources },
});

/** Root middleware: finds the language of a request (cookie, Accept-Language, pt-BR). */
export { i18nMiddleware };

/** i18next in the language of the request, also for requests that never reached the middleware. */
export function i18nOf(context: Readonly<RouterContextProvider>): I18n {
  try {
    return instanceOf(context);
  } catch {
    // An address that matches no route, or a failure before the root middleware ran.
    return fallbackInstance;
  }
}

/** The language of the request. */
export function localeOf(context: Readonly<RouterContextProvider>): Locale {
  try {
    const locale = detectedLocale(context);
    return isLocale(locale) ? locale : defaultLocale;
  } catch {
    return defaultLocale;
  }
}

/** Translates into the language of the request: `translator(context)("errors.not-found")`. */
export function translator(context: Readonly<RouterContextProvider>): TFunction {
  return i18nOf(context).t;
}

const fallbackInstance = createInstance({ ...i18nOptions, resources, lng: defaultLocale });
await fallbackInstance.init();
