import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { localeNames, locales } from "#app/locales/index.ts";
import { AppForm } from "../form/app-form.tsx";

/** A button for each other language; the choice is posted, kept in a cookie, and leads back here. */
export function LanguageSwitch() {
  const { i18n } = useTranslation();
  const { pathname, search } = useLocation();
  return (
    <AppForm action="/language" reloadDocument className="-mx-2 flex gap-1">
      <input type="hidden" name="returnTo" value={pathname + search} />
      {locales
        .filter((locale) => locale !== i18n.language)
        .map((locale) => (
          <button
            key={locale}
            type="submit"
            name="locale"
            value={locale}
            lang={locale}
            className="min-h-8 rounded-control px-2 text-accent underline underline-offset-4 hover:bg-accent-soft"
          >
            {localeNames[locale]}
          </button>
        ))}
    </AppForm>
  );
}
