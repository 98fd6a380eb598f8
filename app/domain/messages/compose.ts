import { type EmailMessage, EmailRenderError, type EmailValues, renderEmail } from "#app/emails/render.ts";
import { defaultLocale, isLocale, type Locale } from "#app/locales/index.ts";
import { db } from "#app/ports/db.server.ts";
import { env } from "#app/ports/env.server.ts";
import type { WrittenEmail } from "../mail/deliver-email.ts";
import type { NotificationMail } from "../mail/outgoing.ts";
import { timeZone as installationTimeZone } from "../time-zone.ts";

/** Who a mail goes to, and how they want it written. */
export interface Reader {
  to: string;
  locale: Locale;
  timeZone: string;
}

/** Writes one message for one reader. */
export function compose<M extends EmailMessage>(
  { to, locale, timeZone }: Reader,
  message: M,
  values: EmailValues<M>,
): WrittenEmail {
  const sender = { providerName: env.PROVIDER_NAME, supportEmail: env.SUPPORT_EMAIL ?? null };
  return { to, locale, ...renderEmail({ message, reader: { locale, timeZone }, sender, values }) };
}

/** A user who may be written to, with their name; null for one who is disabled or gone. */
export async function findUserToTell(userId: string): Promise<(Reader & { name: string }) | null> {
  const user = await db.user.findUnique({
    where: { id: userId, disabledAt: null },
    select: { email: true, name: true, locale: true, timeZone: true },
  });
  return user && { ...readerAt(user.email, user.locale, user.timeZone), name: user.name };
}

/** An address that is to be written to, by the language and the zone that its row names. */
export function readerAt(to: string, locale: string, timeZone: string | null = null): Reader {
  return {
    to,
    locale: isLocale(locale) ? locale : defaultLocale,
    timeZone: timeZone ?? installationTimeZone,
  };
}

/**
 * The reader of a message about an account, with the account and what every such message says; null where they have
 * left it, or may not be written to.
 */
export async function findMemberToTell({ userId, accountId }: NotificationMail) {
  if (accountId === null) throw new EmailRenderError("the account is missing");
  const [reader, member] = await Promise.all([
    findUserToTell(userId),
    db.member.findUnique({
      where: { accountId_userId: { accountId, userId } },
      select: { role: true, account: true },
    }),
  ]);
  if (!reader || !member) return null;
  const { account } = member;
  return { reader, account, shared: aboutAccount(reader.name, account.name) };
}

export function aboutAccount(recipientName: string, accountName: string) {
  return { recipientName, accountName };
}

/** An address of ours, whole: `PUBLIC_URL` is what every link in a mail begins with. */
export function link(...path: string[]): string {
  return new URL(`/${path.map(encodeURIComponent).join("/")}`, env.PUBLIC_URL).href;
}

/** A text of a notification's data. */
export function textIn({ data }: Pick<NotificationMail, "data">, name: string): string {
  const value = data[name];
  if (typeof value !== "string") throw new EmailRenderError(`the data has no text ${name}`);
  return value;
}

export function numberIn({ data }: Pick<NotificationMail, "data">, name: string): number {
  const value = data[name];
  if (typeof value !== "number") throw new EmailRenderError(`the data has no number ${name}`);
  return value;
}

/** A moment of a notification's data, where it stands as ISO 8601. What is none is refused when it is written. */
export function timeIn(mail: Pick<NotificationMail, "data">, name: string): Date {
  return new Date(textIn(mail, name));
}
