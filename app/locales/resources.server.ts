import enEmails from "./en/emails.json" with { type: "json" };
import enValidation from "./en/validation.json" with { type: "json" };
import enPages from "./en.ts";
import ptBREmails from "./pt-BR/emails.json" with { type: "json" };
import ptBRValidation from "./pt-BR/validation.json" with { type: "json" };
import ptBRPages from "./pt-BR.ts";

/**
 * Every string in every language, as i18next wants them. Mails are written and input is validated on
 * the server alone, so those two areas never reach a browser.
 */
export const resources = {
  en: { translation: { ...enPages, emails: enEmails, validation: enValidation } },
  "pt-BR": { translation: { ...ptBRPages, emails: ptBREmails, validation: ptBRValidation } },
};
