import { createInstance, type Resource } from "i18next";
import Mustache from "mustache";
import en from "#app/locales/en/emails.json" with { type: "json" };
import { type Locale, locales } from "#app/locales/index.ts";
import ptBR from "#app/locales/pt-BR/emails.json" with { type: "json" };
import compiled from "./compiled/messages.json" with { type: "json" };
import { type EmailMessage, type EmailValues, emailMessages } from "./messages.ts";
import { emailSamples } from "./samples.ts";
import { EmailRenderError, oneLine, writeValue } from "./values.ts";

export type { EmailMessage, EmailValues } from "./messages.ts";
export { EmailRenderError } from "./values.ts";

/** Names of all messages. */
export const emailMessageNames = Object.keys(emailMessages) as EmailMessage[];

/** Who reads: the language and the time zone (IANA) that the message is written in. */
export interface EmailReader {
  locale: Locale;
  timeZone: string;
}

/** Whose message it is, as its first and its last lines say. */
export interface EmailSender {
  providerName: string;
  /** Null where there is no address for questions. */
  supportEmail: string | null;
}

export interface RenderedEmail {
  /** One line, neither encoded nor escaped. */
  subject: string;
  html: string;
  text: string;
}

/**
 * What a message says, in `emails.json`. Each part may be absent but subject, preview and heading; they stand in the
 * message in this order.
 */
interface EmailWords {
  subject: string;
  /** What an inbox shows beside the subject. */
  preview: string;
  heading: string;
  body?: string[];
  /** Labels of values that stand on lines of their own, by the value's name. */
  facts?: Record<string, string>;
  /** What follows the facts, and the value `reason`. */
  next?: string[];
  steps?: string[];
  /** Of the link to the value `url`. */
  button?: string;
  notes?: string[];
}

/**
 * Writes one message for one reader. The texts hold values as i18next writes them, `{{accountName}}`, and other texts
 * as `$t(emails.layout.…)`; they are put into the layout, compiled before, in one pass, so that nothing in a value is
 * read as a placeholder.
 *
 * @throws {EmailRenderError} where a value is missing, empty or not of its kind, or a text does not exist
 */
export function renderEmail<M extends EmailMessage>({
  message,
  reader,
  sender,
  values,
}: {
  message: M;
  reader: EmailReader;
  sender: EmailSender;
  values: EmailValues<M>;
}): RenderedEmail {
  const { locale } = reader;
  const written: WrittenValues = {
    ...writeValues(message, reader, values),
    providerName: oneLine(sender.providerName),
    ...(sender.supportEmail ? { supportEmail: sender.supportEmail } : {}),
  };
  const words = wordsOf(message, locale, written);
  const layout = (key: string) => translate(`emails.layout.${key}`, locale, written) as string;
  const facts = Object.entries(words.facts ?? {}).flatMap(([name, label]) =>
    written[name] === undefined ? [] : [{ label, value: written[name] }],
  );
  const view = {
    ...words,
    locale,
    providerName: written.providerName,
    subject: oneLine(words.subject),
    greeting: written.recipientName && layout("greeting"),
    facts,
    hasFacts: facts.length > 0,
    hasSteps: words.steps !== undefined,
    reason: written.reason,
    url: written.url,
    linkAsText: layout("linkAsText"),
    help: written.supportEmail && layout("help"),
    automatic: layout("automatic"),
  };
  const { html, text } = compiled.messages.message;
  return {
    subject: view.subject,
    html: Mustache.render(html, view, {}, { escape: escapeHtml }),
    // A subject and a text part stay as they are; parts that are absent leave no gap.
    text: Mustache.render(text, view, {}, { escape: String }).replace(/\n{3,}/g, "\n\n"),
  };
}

/** A message with made-up values, as its preview shows it. */
export function renderSample(message: EmailMessage, reader: EmailReader, sender: EmailSender): RenderedEmail {
  return renderEmail({ message, reader, sender, values: emailSamples[message] });
}

/** What a message is called where it is listed: its heading, or its name where there is no such message. */
export function messageTitle(message: string, locale: Locale): string {
  return Object.hasOwn(emailMessages, message)
    ? (translate(`emails.${message}.heading`, locale, {}) as string)
    : message;
}

type WrittenValues = Record<string, string>;

/** Turns each value that the message needs into the words that the reader sees. */
function writeValues(
  message: EmailMessage,
  reader: EmailReader,
  values: Record<string, unknown>,
): WrittenValues {
  const wordFor = (key: string) =>
    i18n.exists(`emails.words.${key}`)
      ? (translate(`emails.words.${key}`, reader.locale, {}) as string)
      : undefined;
  const entries = Object.entries<string>(emailMessages[message]).flatMap(([name, kind]) => {
    const value = values[name];
    if (kind.endsWith("?") && value === null) return [];
    const written = writeValue(kind.replace("?", ""), value, reader, wordFor);
    if (!written) throw new EmailRenderError(`${message}: the value ${name} is missing or is no ${kind}`);
    return [[name, written]];
  });
  return Object.fromEntries(entries);
}

const resources: Record<Locale, Resource[string]> = {
  en: { translation: { emails: en } },
  "pt-BR": { translation: { emails: ptBR } },
};

// An instance apart from the pages' own: it is ready at once, and a mail is never half translated.
const i18n = createInstance({
  resources,
  lng: locales[0],
  supportedLngs: [...locales],
  fallbackLng: false,
  initAsync: false,
  // Escaping is the layout's part: a subject and a text part must stay as they are.
  interpolation: { escapeValue: false },
  missingInterpolationHandler: (text) => {
    throw new EmailRenderError(`A text asks for a value that its message does not have: ${text}`);
  },
});
await i18n.init();

function wordsOf(message: EmailMessage, locale: Locale, values: WrittenValues): EmailWords {
  return translate(`emails.${message}`, locale, values) as EmailWords;
}

function translate(key: string, locale: Locale, values: WrittenValues): unknown {
  // Keys are put together here, out of reach for the types that hold what pages ask for.
  const t = i18n.getFixedT(locale) as (key: string, options: object) => unknown;
  const text = t(key, { ...values, returnObjects: true, defaultValue: "" });
  if (!text) throw new EmailRenderError(`${key} has no text in ${locale}`);
  return text;
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "\n": "<br>",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'\n]/g, (character) => entities[character] ?? character);
}
