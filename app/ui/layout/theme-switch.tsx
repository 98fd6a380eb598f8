import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { themes } from "#app/domain/identity/profile/states.ts";
import { AppForm } from "../form/app-form.tsx";
import { useTheme } from "../theme.ts";

/** A button for each theme; the choice is posted, kept in a cookie, and leads back here. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const current = useTheme();
  return (
    <AppForm action="/theme" reloadDocument className="-mx-2 flex flex-wrap items-center gap-x-1">
      <input type="hidden" name="returnTo" value={pathname + search} />
      <fieldset className="contents">
        <legend className="sr-only">{t("common.theme.label")}</legend>
        {themes.map((theme) => (
          <button
            key={theme}
            type="submit"
            name="theme"
            value={theme}
            aria-pressed={theme === current}
            className="min-h-8 rounded-control px-2 text-accent underline underline-offset-4 hover:bg-accent-soft aria-pressed:text-ink aria-pressed:font-semibold aria-pressed:no-underline"
          >
            {t(`common.theme.${theme}`)}
          </button>
        ))}
      </fieldset>
    </AppForm>
  );
}
