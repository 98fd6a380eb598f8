import admin from "./pt-BR/admin.json" with { type: "json" };
import mail from "./pt-BR/mail.json" with { type: "json" };
import users from "./pt-BR/users.json" with { type: "json" };

/** What only the pages of the provider's staff say, in Brazilian Portuguese. */
export default { admin, mail, users };
