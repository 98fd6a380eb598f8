import enConnectionTests from "./en/connectionTests.json" with { type: "json" };
import enEmails from "./en/emails.json" with { type: "json" };
import enNotices from "./en/notices.json" with { type: "json" };
import enValidation from "./en/validation.json" with { type: "json" };
import enPages from "./en.ts";
import ptBRConnectionTests from "./pt-BR/connectionTests.json" with { type: "json" };
import ptBREmails from "./pt-BR/emails.json" with { type: "json" };
import ptBRNotices from "./pt-BR/notices.json" with { type: "json" };
import ptBRValidation from "./pt-BR/validation.json" with { type: "json" };
import ptBRPages from "./pt-BR.ts";

/**
 * Every string in every language, as i18next wants them. Mails and notifications are written,
 * input is validated and connections are tested on the server alone, so those four areas never reach a browser.
 */
export const resources = {
  en: {
    translation: {
      ...enPages,
      connectionTests: enConnectionTests,
      emails: enEmails,
      notices: enNotices,
      validation: enValidation,
    },
  },
  "pt-BR": {
    translation: {
      ...ptBRPages,
      connectionTests: ptBRConnectionTests,
      emails: ptBREmails,
      notices: ptBRNotices,
      validation: ptBRValidation,
    },
  },
};
