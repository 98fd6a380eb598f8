import { createInstance, type Resource } from "i18next";
import en from "#app/locales/en/emails.json" with { type: "json" };
import { type Locale, locales } from "#app/locales/index.ts";
import ptBR from "#app/locales/pt-BR/emails.json" with { type: "json" };
import compiled from "./compiled/messages.json" with { type: "json" };
import { type EmailMessage, type EmailValueKind, type EmailValues, emailMessages } from "./messages.ts";

const resources: Record<Locale, Resource[string]> = {
  en: { translation: { emails: en } },
  "pt-BR": { translation: { emails: ptBR } },
};

export interface RenderedEmail {
  /** One line, neither encoded nor escaped. */
  subject: string;
  html: string;
  text: string;
}

/**
 * Writes one message in one language.
 *
 * The compiled message holds three kinds of placeholder: `{{text:heading}}` is the message's own text of that
 * name, or with a dot (`{{text:layout.greeting}}`) one shared by all; `{{value:accountUrl}}` is a value as it
 * was given; `{{locale}}` is the language's code. Texts hold values as i18next writes them, `{{accountName}}`.
 *
 * @throws {EmailRenderError} where a value is missing, empty or not of its kind, or a text does not exist
 */
export function renderEmail<M extends EmailMessage>({
  message,
  locale,
  values,
}: {
  message: M;
  locale: Locale;
  values: EmailValues<M>;
}): RenderedEmail {
  const template = compiled.messages[message];
  const written = writeValues(message, locale, values);
  const textOf = (key: string) => translate(key.includes(".") ? key : `${message}.${key}`, locale, written);

  return {
    subject: asLine(textOf("subject")),
    html: fillIn(template.html, {
      locale,
      text: (key) => escapeHtml(textOf(key)),
      value: (name) => escapeHtml(writtenValue(name, written)).replaceAll("\n", "<br>"),
    }),
    text: fillIn(template.text, { locale, text: textOf, value: (name) => writtenValue(name, written) }),
  };
}

/** A message cannot be written: a mistake in the code or in its texts, which no retry mends. */
export class EmailRenderError extends Error {
  override name = "EmailRenderError";
}

type WrittenValues = Record<string, string>;

/** Turns each value that the message needs into the words that the reader sees. */
function writeValues(message: EmailMessage, locale: Locale, values: Record<string, unknown>): WrittenValues {
  const kinds: Record<string, EmailValueKind> = emailMessages[message];
  return Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => {
      const written = writeValue(kind, values[name], locale);
      if (!written) throw new EmailRenderError(`${message}: the value ${name} is missing or is no ${kind}`);
      return [name, written];
    }),
  );
}

/** @returns undefined where the value is not of its kind */
function writeValue(kind: EmailValueKind, value: unknown, locale: Locale): string | undefined {
  if (kind === "hours") {
    if (!Number.isInteger(value) || Number(value) <= 0) return undefined;
    return new Intl.NumberFormat(locale, { style: "unit", unit: "hour", unitDisplay: "long" }).format(
      Number(value),
    );
  }
  if (typeof value !== "string") return undefined;
  if (kind === "url") return asUrl(value);
  return kind === "line" ? asLine(value) : asParagraphs(value);
}

function asUrl(value: string): string | undefined {
  const url = URL.parse(value);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

// A line break in a subject would start another header; a mark that turns the direction of writing could make
// a name from a form read as something else.
function asLine(value: string): string {
  return value
    .replace(directionMarks, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

function asParagraphs(value: string): string {
  return value
    .replace(/\r\n?/g, "\n")
    .replace(directionMarks, "")
    .replace(/[^\P{Cc}\n]+/gu, " ")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

// An instance apart from the pages' own: it is ready at once, and a mail is never half translated.
const i18n = createInstance({
  resources,
  supportedLngs: [...locales],
  fallbackLng: false,
  initAsync: false,
  // Escaping is fillIn's part: a subject and a text part must stay as they are.
  interpolation: { escapeValue: false },
  missingInterpolationHandler: (text) => {
    throw new EmailRenderError(`A text asks for a value that its message does not have: ${text}`);
  },
});
await i18n.init();

function translate(key: string, locale: Locale, values: WrittenValues): string {
  const fullKey = `emails.${key}`;
  const text = i18n.t(fullKey, { ...values, lng: locale, defaultValue: "" });
  if (!text) throw new EmailRenderError(`${fullKey} has no text in ${locale}`);
  return text;
}

function writtenValue(name: string, values: WrittenValues): string {
  const value = values[name];
  if (value === undefined) throw new EmailRenderError(`A template asks for a value it has not: ${name}`);
  return value;
}

/** Replaces the placeholders in one pass, so that one that stands in a value stays as it is. */
function fillIn(
  template: string,
  resolve: { locale: string; text: (key: string) => string; value: (name: string) => string },
): string {
  return template.replace(/\{\{(?:(text|value):([\w.-]+)|locale)\}\}/g, (_, source, key) =>
    source === "text" ? resolve.text(key) : source === "value" ? resolve.value(key) : resolve.locale,
  );
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
