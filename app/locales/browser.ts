import type { i18n as I18n } from "i18next";
import type { Locale } from "./index.ts";

/** Each language is a file of its own: a browser loads only the one that it shows. */
const pages = {
  en: () => import("./en.ts"),
  "pt-BR": () => import("./pt-BR.ts"),
};

/** Loads the strings of a page's language, in the browser. */
export async function loadPageStrings(locale: Locale) {
  return (await pages[locale]()).default;
}

/** Switches a running page to another language, after a sign-in of somebody who reads another one. */
export async function switchLocale(i18n: I18n, locale: Locale): Promise<void> {
  i18n.addResourceBundle(locale, "translation", await loadPageStrings(locale));
  await i18n.changeLanguage(locale);
}
