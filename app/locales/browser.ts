import { createInstance, type i18n as I18n } from "i18next";
import { areasOf } from "./areas.ts";
import { i18nOptions } from "./i18n-options.ts";
import { isLocale, type Locale } from "./index.ts";

/** Each area of each language is a file of its own: a browser loads the words of the page that it shows. */
const files = import.meta.glob<object>(
  ["./{en,pt-BR}/*.json", "!**/{connectionTests,emails,notices,validation}.json"],
  { import: "default" },
);

/** i18next of the running page. */
let running: I18n | undefined;

/** Starts i18next in the browser with the strings of the page that the server rendered. */
export async function startI18n(locale: Locale): Promise<I18n> {
  const translation = await loadStrings(locale, location.pathname);
  running = createInstance();
  await running.init({ ...i18nOptions, lng: locale, resources: { [locale]: { translation } } });
  return running;
}

/** Sees to it, before a navigation in the browser, that what the next page says is there. */
export async function prepareStrings(path: string): Promise<void> {
  if (running && isLocale(running.language)) await addStrings(running, running.language, path);
}

/** Switches a running page to another language, after a sign-in of somebody who reads another one. */
export async function switchLocale(i18n: I18n, locale: Locale): Promise<void> {
  await addStrings(i18n, locale, location.pathname);
  await i18n.changeLanguage(locale);
}

async function addStrings(i18n: I18n, locale: Locale, path: string): Promise<void> {
  i18n.addResourceBundle(locale, "translation", await loadStrings(locale, path), true);
}

/** Loads each file once: the browser keeps what it has imported. */
async function loadStrings(locale: Locale, path: string) {
  const areas = await Promise.all(
    areasOf(path).map(async (area) => [area, await files[`./${locale}/${area}.json`]?.()] as const),
  );
  return Object.fromEntries(areas);
}
