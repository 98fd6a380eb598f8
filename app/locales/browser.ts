import { createInstance, type i18n as I18n } from "i18next";
import { i18nOptions } from "./i18n-options.ts";
import { isLocale, type Locale } from "./index.ts";

/** Each language is a file of its own: a browser loads only the one that it shows. */
const pages = {
  en: () => import("./en.ts"),
  "pt-BR": () => import("./pt-BR.ts"),
};

/** What the pages of the provider's staff say besides: most people never see one. */
const staffPages = {
  en: () => import("./en-staff.ts"),
  "pt-BR": () => import("./pt-BR-staff.ts"),
};

/** Whether the page at a path says what only pages of the staff say. */
function isForStaff(path: string): boolean {
  return /^\/(admin|recovery|invitations)(\/|$)/.test(path);
}

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
  if (!running || !isForStaff(path) || !isLocale(running.language)) return;
  const { default: strings } = await staffPages[running.language]();
  running.addResourceBundle(running.language, "translation", strings, true);
}

/** Switches a running page to another language, after a sign-in of somebody who reads another one. */
export async function switchLocale(i18n: I18n, locale: Locale): Promise<void> {
  i18n.addResourceBundle(locale, "translation", await loadStrings(locale, location.pathname), true);
  await i18n.changeLanguage(locale);
}

async function loadStrings(locale: Locale, path: string) {
  const [forAll, forStaff] = await Promise.all([
    pages[locale](),
    isForStaff(path) ? staffPages[locale]() : undefined,
  ]);
  return { ...forAll.default, ...forStaff?.default };
}
