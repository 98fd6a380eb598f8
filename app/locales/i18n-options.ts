import type { InitOptions } from "i18next";
import { defaultLocale, locales } from "./index.ts";

/** i18next's settings that the server and the browser must share to render the same page. */
export const i18nOptions = {
  supportedLngs: [...locales],
  fallbackLng: defaultLocale,
  // React escapes what it prints; escaping twice would show "&amp;" to people.
  interpolation: { escapeValue: false },
  returnNull: false,
} satisfies InitOptions;
