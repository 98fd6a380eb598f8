import {
  type EmailMessage,
  emailMessageNames,
  messageTitle,
  type RenderedEmail,
  renderSample,
} from "#app/emails/render.ts";
import { defaultLocale, isLocale, type Locale } from "#app/locales/index.ts";
import { env } from "#app/ports/env.server.ts";
import { authorize } from "../authorization.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { timeZone } from "../time-zone.ts";

export interface MessageListed {
  name: EmailMessage;
  /** What it is called in the caller's language. */
  title: string;
}

/** Every message that there is. */
export function listMessages(context: Context): MessageListed[] {
  authorize(context, "emails:list");
  const locale = isLocale(context.locale) ? context.locale : defaultLocale;
  return emailMessageNames.map((name) => ({ name, title: messageTitle(name, locale) }));
}

/** A message with made-up values and links that lead nowhere, in one language. Throws `not-found` for any other name. */
export function getPreview(context: Context, message: string, locale: Locale): RenderedEmail {
  authorize(context, "emails:list");
  const name = emailMessageNames.find((candidate) => candidate === message);
  if (!name) throw new DomainError("not-found");
  const sender = { providerName: env.PROVIDER_NAME, supportEmail: env.SUPPORT_EMAIL ?? null };
  return renderSample(name, { locale, timeZone }, sender);
}
