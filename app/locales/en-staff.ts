import admin from "./en/admin.json" with { type: "json" };
import mail from "./en/mail.json" with { type: "json" };
import users from "./en/users.json" with { type: "json" };

/** What only the pages of the provider's staff say, in English. */
export default { admin, mail, users };
