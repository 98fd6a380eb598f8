import { createInstance } from "i18next";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { HydratedRouter } from "react-router/dom";
import { loadPageStrings } from "./locales/browser.ts";
import { i18nOptions } from "./locales/i18n-options.ts";
import { defaultLocale, isLocale } from "./locales/index.ts";

/** Takes over the page that the server rendered, in the language that the server chose. */
async function hydrate() {
  const { lang } = document.documentElement;
  const locale = isLocale(lang) ? lang : defaultLocale;
  const i18n = createInstance();
  await i18n.init({
    ...i18nOptions,
    lng: locale,
    resources: { [locale]: { translation: await loadPageStrings(locale) } },
  });

  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <I18nextProvider i18n={i18n}>
          <HydratedRouter />
        </I18nextProvider>
      </StrictMode>,
    );
  });
}

void hydrate();
