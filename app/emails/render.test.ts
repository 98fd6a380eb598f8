import { HtmlValidate } from "html-validate";
import { beforeAll, describe, expect, test } from "vitest";
import en from "#app/locales/en/emails.json" with { type: "json" };
import { type Locale, locales } from "#app/locales/index.ts";
import ptBR from "#app/locales/pt-BR/emails.json" with { type: "json" };
import { compileEmails } from "../../scripts/compile-emails.ts";
import { type EmailMessage, type EmailValues, emailMessages } from "./messages.ts";
import type { RenderedEmail } from "./render.ts";
import { emailSamples } from "./samples.ts";

// Imported once the messages are compiled: it reads the result.
let renderEmail: typeof import("./render.ts").renderEmail;
beforeAll(async () => {
  await compileEmails();
  ({ renderEmail } = await import("./render.ts"));
});

const sender = { providerName: "Nuvem São João", supportEmail: "ajuda@example.com" };
const timeZone = "America/Sao_Paulo";

function render<M extends EmailMessage>(message: M, locale: Locale, values: object = {}): RenderedEmail {
  const sample = { ...emailSamples[message], ...values } as EmailValues<M>;
  return renderEmail({ message, reader: { locale, timeZone }, sender, values: sample });
}

const messages = Object.keys(emailMessages) as EmailMessage[];
const everyMail = messages.flatMap((message) => locales.map((locale) => [message, locale] as const));
const wordsOf = (locale: Locale) => (locale === "en" ? en : ptBR);

describe.each(everyMail)("%s in %s", (message, locale) => {
  let mail: RenderedEmail;
  beforeAll(() => {
    mail = render(message, locale);
  });

  test("holds every value in both parts", () => {
    for (const [name, kind] of Object.entries<string>(emailMessages[message])) {
      const value = (emailSamples[message] as Record<string, unknown>)[name];
      // Values that the reader's language writes have a test of their own.
      if (!/^(line|paragraphs|url)\??$/.test(kind) || typeof value !== "string") continue;
      expect(mail.text).toContain(value);
      expect(mail.html).toContain(value.replaceAll("\n", "<br>"));
    }
  });

  test("says every text that it has", () => {
    const { subject, preview, heading, ...rest } = wordsOf(locale)[message];
    const parts = Object.values(rest).flatMap((part: string | string[] | object) =>
      typeof part === "string" ? part : Object.values(part),
    );
    for (const part of [heading, ...parts] as string[]) {
      // Up to the first value or shared text in it.
      const start = /^[^{$]*/.exec(part)?.[0] ?? "";
      const absent = hidden(message).includes(part);
      expect([part, mail.text.includes(start)]).toEqual([part, absent ? expect.anything() : true]);
    }
    expect(mail.html).toContain(`<title>${mail.subject}</title>`);
    expect(subject).not.toBe(preview);
  });

  test("offers its link as a link and as text", () => {
    const { url } = emailSamples[message] as { url?: string };
    if (url === undefined) return;
    expect(mail.html).toContain(`href="${url}"`);
    expect(mail.html).toContain(`>${url}</a>`);
    expect(mail.text).toContain(`:\n${url}\n`);
  });

  test("names the provider and where to ask", () => {
    for (const part of [mail.html, mail.text]) {
      expect(part).toContain(sender.providerName);
      expect(part).toContain(sender.supportEmail);
    }
  });

  test("leaves no placeholder, and no word of another language", () => {
    const whole = mail.subject + mail.html + mail.text;
    expect(whole).not.toMatch(/\{\{|\}\}|\$t\(|undefined|\[object|emails\./);
    expect(mail.text).not.toMatch(/\n{3}/);
    expect(mail.html).toContain(`<html lang="${locale}"`);
    expect(mail.text).not.toContain(wordsOf(locale === "en" ? "pt-BR" : "en")[message].heading);
  });

  test("has a subject of one line that an inbox shows whole", () => {
    expect(mail.subject).not.toMatch(/\p{Cc}/u);
    expect(mail.subject.length).toBeLessThan(70);
  });

  test("fetches nothing and runs nothing", () => {
    expect(mail.html).not.toMatch(/<(img|script|link|iframe|form)\b|@import|url\(/i);
  });

  test("stays far below the 102 KB at which Gmail cuts a message off", () => {
    expect(Buffer.byteLength(mail.html)).toBeLessThan(20_000);
  });

  test("is valid, accessible HTML", () => {
    const report = mailValidator.validateStringSync(mail.html);
    expect(
      report.results.flatMap((result) => result.messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)),
    ).toEqual([]);
  });
});

/** Labels of values that the sample leaves out, as where the address is not known. */
function hidden(message: EmailMessage): string[] {
  const { facts } = en[message] as { facts?: Record<string, string> };
  const sample = emailSamples[message] as Record<string, unknown>;
  return Object.entries(facts ?? {}).flatMap(([name, label]) => (sample[name] === null ? [label] : []));
}

const mailValidator = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:a11y"],
  // Mail clients lay out by tables and their attributes, and know <div role="article"> rather than <article>.
  rules: { "no-deprecated-attr": "off", "prefer-native-element": "off" },
});

describe("values are written as their reader writes them", () => {
  const text = (message: EmailMessage, locale: Locale, values?: object) =>
    render(message, locale, values).text.replaceAll(/[\u00a0\u202f]/g, " ");

  test.each([
    ["en", "Amount: R$1,234.56", "Due date: December 10, 2026"],
    ["pt-BR", "Valor: R$ 1.234,56", "Vencimento: 10 de dezembro de 2026"],
  ] as const)("money and days in %s", (locale, amount, dueOn) => {
    const mail = text("invoice-issued", locale);
    expect(mail).toContain(amount);
    expect(mail).toContain(dueOn);
  });

  test("moments in the reader's zone, which they name", () => {
    expect(text("password-changed", "pt-BR")).toContain("Quando: 22 de novembro de 2026 às 19:03 BRT");
    const { text: inTokyo } = renderEmail({
      message: "password-changed",
      reader: { locale: "en", timeZone: "Asia/Tokyo" },
      sender,
      values: emailSamples["password-changed"],
    });
    expect(inTokyo).toContain("When: November 23, 2026 at 07:03 GMT+9");
  });

  test("percentages, counts, and words of ours", () => {
    expect(text("quota-warning", "pt-BR")).toContain("Limite: Armazenamento\nEm uso: 85%");
    expect(text("recovery-code-used", "en", { left: 0 })).toContain("Codes left: 0");
    expect(text("invitation", "pt-BR")).toContain("Papel na conta: Desenvolvedor");
    expect(text("invitation-to-staff", "en")).toContain("Role: Support");
  });

  test.each([
    ["en", "is valid for 1 hour."],
    ["pt-BR", "vale por 1 hora."],
  ] as const)("one hour is singular in %s", (locale, written) => {
    expect(text("verify-email", locale, { linkValidHours: 1 })).toContain(written);
  });

  test("what is not known is left out with its label", () => {
    const mail = text("password-changed", "en", { address: null, device: null });
    expect(mail).not.toMatch(/Network address|Device/);
    expect(mail).toContain("When: ");
  });

  test("without an address for questions, nothing is said of one", () => {
    const { text } = renderEmail({
      message: "welcome",
      reader: { locale: "en", timeZone },
      sender: { ...sender, supportEmail: null },
      values: emailSamples.welcome,
    });
    expect(text).not.toContain("Need help");
  });
});

describe("what people wrote", () => {
  test("is escaped in HTML and left alone in the text part", () => {
    const accountName = `<script>alert("1")</script> & 'filhos'`;
    const mail = render("account-rejected", "en", { accountName });
    expect(mail.html).not.toContain("<script");
    expect(mail.html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;filhos&#39;");
    expect(mail.text).toContain(accountName);
    expect(mail.subject).toContain(accountName);
  });

  test("is not read as a placeholder, a reference or a replacement pattern", () => {
    const accountName = "{{reason}} {{{heading}}} {{#body}}x{{/body}} $t(emails.layout.greeting) $& $1";
    const mail = render("account-rejected", "en", { accountName });
    expect(mail.text).toContain(`“${accountName}”`);
    expect(mail.html).toContain(`“${accountName.replaceAll("&", "&amp;")}”`);
    expect(mail.subject).toContain(accountName);
  });

  test("cannot start a header in the subject, nor turn the direction of writing", () => {
    const accountName = "Acme\r\nBcc: victim@example.com\u2028\u0000\u202Egnp.exe";
    expect(render("account-submitted", "en", { accountName }).subject).toBe(
      "New account to review: Acme Bcc: victim@example.com gnp.exe",
    );
  });

  test("keeps its paragraphs in a reason, without a pile of blank lines", () => {
    const mail = render("account-rejected", "pt-BR", {
      reason: " Primeira linha\r\nsegunda\tlinha\n\n\n\n\nfim\u0007 ",
    });
    expect(mail.text).toContain("\n\nPrimeira linha\nsegunda linha\n\nfim\n\n");
    expect(mail.html).toContain("Primeira linha<br>segunda linha<br><br>fim</p>");
  });

  test("never reaches an address that a stranger chose", () => {
    for (const message of ["verify-email", "sign-up-attempt", "password-reset", "email-change"] as const) {
      const kinds = Object.values<string>(emailMessages[message]);
      expect(kinds.filter((kind) => !["url", "hours"].includes(kind))).toEqual([]);
    }
  });

  test("stands apart from our sentences in an invitation, and not in what an inbox shows", () => {
    const words = "Ganhe R$ 1.000 em https://golpe.example";
    for (const locale of locales) {
      const mail = render("invitation", locale, { accountName: words, inviterName: words });
      const lines = mail.text.split("\n").filter((line) => line.includes(words));
      expect(lines).toEqual([
        expect.stringMatching(/^[\w ]+: Ganhe/),
        expect.stringMatching(/^[\w ]+: Ganhe/),
      ]);
      expect(mail.subject).not.toContain(words);
      expect(mail.html.split("<body")[0]).not.toContain(words);
      expect(mail.html).not.toContain('href="https://golpe');
    }
  });
});

describe("a value that will not do", () => {
  test.each<[string, EmailMessage, object]>([
    ["is missing", "account-approved", { accountName: undefined }],
    ["is empty", "account-approved", { accountName: " \n" }],
    ["is no text", "account-approved", { accountName: 7 }],
    ["is null where it must be there", "account-approved", { accountName: null }],
    ["runs code as a link", "account-approved", { url: "javascript:alert(1)" }],
    ["is a relative link", "account-approved", { url: "/accounts/acme" }],
    ["is a link to data", "account-approved", { url: "data:text/html,x" }],
    ["is no hour", "verify-email", { linkValidHours: 0 }],
    ["is part of an hour", "verify-email", { linkValidHours: 1.5 }],
    ["is no moment", "password-changed", { at: new Date("never") }],
    ["is no day", "invoice-due", { dueOn: "10/12/2026" }],
    ["is no day of any month", "invoice-due", { dueOn: "2026-13-01" }],
    ["is no whole amount", "invoice-due", { amount: { amountCents: 1.5, currency: "BRL" } }],
    ["has no currency", "invoice-due", { amount: { amountCents: 1, currency: "real" } }],
    ["is no role", "role-changed", { role: "king" }],
    ["reaches for another word", "role-changed", { role: "../layout.help" }],
  ])("%s: throws, naming the value", (_, message, values) => {
    expect(() => render(message, "en", values)).toThrow(
      new RegExp(`${message}.*${Object.keys(values)[0]} is missing or is no`),
    );
  });

  test("a quote in a link cannot leave its attribute", () => {
    const mail = render("account-approved", "en", { url: 'https://console.example.com/"onclick="x' });
    expect(mail.html).not.toContain('"onclick');
  });
});

test("both languages have the same texts: those of each message, and what messages share", () => {
  const shapeOf = (node: unknown): unknown =>
    typeof node === "object" && node !== null
      ? Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, shapeOf(inner)]))
      : typeof node;
  expect(shapeOf(ptBR)).toEqual(shapeOf(en));
  expect(Object.keys(en).sort()).toEqual(["layout", "words", ...messages].sort());
  // Whatever messages share is asked for by the layout or by a message.
  const texts = JSON.stringify(en);
  const asked = (key: string) =>
    texts.includes(`$t(emails.layout.${key})`) ||
    ["greeting", "linkAsText", "help", "automatic"].includes(key);
  expect(Object.keys(en.layout).filter((key) => !asked(key))).toEqual([]);
});

test("a language that we do not have throws", () => {
  expect(() => render("verify-email", "fr" as Locale)).toThrow("fr");
});
