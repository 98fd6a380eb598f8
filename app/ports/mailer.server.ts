import { env } from "#app/ports/env.server.ts";
import { createMailer, type Mailer, type OutgoingEmail } from "./smtp-mailer.ts";

export { MailError, type OutgoingEmail } from "./smtp-mailer.ts";

let mailer: Mailer | undefined;

/**
 * Sends one mail through the server of the environment, `SMTP_URL`, as `MAIL_FROM`. Resolves when that server
 * has taken it over.
 *
 * @throws {MailError} where it did not; `transient` tells whether to try again
 */
export async function sendEmail(email: OutgoingEmail): Promise<void> {
  mailer ??= createMailer({ smtpUrl: env.SMTP_URL, from: env.MAIL_FROM });
  await mailer.sendEmail(email);
}

/** Lets what is being sent finish, and closes the connections. The next `sendEmail` opens new ones. */
export function closeMailer(): void {
  mailer?.closeMailer();
  mailer = undefined;
}
