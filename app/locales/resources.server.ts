import enEmails from "./en/emails.json" with { type: "json" };
import enNotices from "./en/notices.json" with { type: "json" };
import enValidation from "./en/validation.json" with { type: "json" };
import enPages from "./en.ts";
import enStaffPages from "./en-staff.ts";
import ptBREmails from "./pt-BR/emails.json" with { type: "json" };
import ptBRNotices from "./pt-BR/notices.json" with { type: "json" };
import ptBRValidation from "./pt-BR/validation.json" with { type: "json" };
import ptBRPages from "./pt-BR.ts";
import ptBRStaffPages from "./pt-BR-staff.ts";

/**
 * Every string in every language, as i18next wants them. Mails and notifications are written and
 * input is validated on the server alone, so those three areas never reach a browser.
 */
export const resources = {
  en: {
    translation: {
      ...enPages,
      ...enStaffPages,
      emails: enEmails,
      notices: enNotices,
      validation: enValidation,
    },
  },
  "pt-BR": {
    translation: {
      ...ptBRPages,
      ...ptBRStaffPages,
      emails: ptBREmails,
      notices: ptBRNotices,
      validation: ptBRValidation,
    },
  },
};
