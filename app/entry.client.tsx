import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { HydratedRouter } from "react-router/dom";
import { isTheme } from "./domain/identity/profile/states.ts";
import { startI18n } from "./locales/browser.ts";
import { defaultLocale, isLocale } from "./locales/index.ts";
import { ThemeContext } from "./ui/theme.ts";

/** Takes over the page that the server rendered, in the language and the theme that the server chose. */
async function hydrate() {
  const { lang, dataset } = document.documentElement;
  const locale = isLocale(lang) ? lang : defaultLocale;
  const i18n = await startI18n(locale);

  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <I18nextProvider i18n={i18n}>
          <ThemeContext value={isTheme(dataset.theme) ? dataset.theme : "system"}>
            <HydratedRouter />
          </ThemeContext>
        </I18nextProvider>
      </StrictMode>,
    );
  });
}

void hydrate();
