import { HtmlValidate } from "html-validate";
import { beforeAll, describe, expect, test } from "vitest";
import en from "#app/locales/en/emails.json" with { type: "json" };
import { type Locale, locales } from "#app/locales/index.ts";
import ptBR from "#app/locales/pt-BR/emails.json" with { type: "json" };
import { compileEmails } from "../../scripts/compile-emails.ts";
import { type EmailMessage, emailMessages } from "./messages.ts";
import type { RenderedEmail } from "./render.ts";
import { emailSamples } from "./samples.ts";

// Imported once the messages are compiled: it reads the result.
let renderEmail: typeof import("./render.ts").renderEmail;
beforeAll(async () => {
  await compileEmails();
  ({ renderEmail } = await import("./render.ts"));
});

const messages = Object.keys(emailMessages) as EmailMessage[];
const everyMail = messages.flatMap((message) => locales.map((locale) => [message, locale] as const));

describe.each(everyMail)("%s in %s", (message, locale) => {
  let mail: RenderedEmail;
  beforeAll(() => {
    mail = renderEmail({ message, locale, values: emailSamples[message] });
  });

  test("holds every value in both parts", () => {
    for (const [name, value] of Object.entries(emailSamples[message])) {
      const written = name === "linkValidHours" ? (locale === "en" ? "24 hours" : "24 horas") : String(value);
      expect(mail.text).toContain(written);
      expect(mail.html).toContain(written.replaceAll("\n", "<br>"));
    }
  });

  test("offers its links as a link and as text", () => {
    const urls = Object.values<unknown>(emailSamples[message]).filter((value) =>
      String(value).startsWith("https:"),
    );
    expect(urls).not.toHaveLength(0);
    for (const url of urls) {
      expect(mail.html).toContain(`href="${url}"`);
      expect(mail.html).toContain(`>${url}</a>`);
    }
  });

  test("leaves no placeholder, and no word of another language", () => {
    const whole = mail.subject + mail.html + mail.text;
    expect(whole).not.toMatch(/\{\{|\}\}|\$t\(|undefined|\[object/);
    expect(mail.html).toContain(`<html lang="${locale}"`);
    const other = locale === "en" ? ptBR : en;
    expect(mail.text).not.toContain(other[message].heading);
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

const mailValidator = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:a11y"],
  // Mail clients lay out by tables and their attributes, and know <div role="article"> rather than <article>.
  rules: { "no-deprecated-attr": "off", "prefer-native-element": "off" },
});

describe("what people wrote", () => {
  const rejected = emailSamples["account-rejected"];

  test("is escaped in HTML and left alone in the text part", () => {
    const name = `<script>alert("1")</script> & 'filhos'`;
    const mail = renderEmail({
      message: "account-rejected",
      locale: "en",
      values: { ...rejected, accountName: name },
    });
    expect(mail.html).not.toContain("<script");
    expect(mail.html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;filhos&#39;");
    expect(mail.text).toContain(name);
    expect(mail.subject).toContain(name);
  });

  test("is not read as a placeholder, a reference or a replacement pattern", () => {
    const name = "{{value:reason}} {{text:heading}} {{recipientName}} $t(emails.layout.greeting) $& $1";
    const mail = renderEmail({
      message: "account-rejected",
      locale: "en",
      values: { ...rejected, accountName: name },
    });
    expect(mail.text).toContain(`“${name}”`);
    expect(mail.html).toContain(`“${name.replaceAll("&", "&amp;")}”`);
    expect(mail.subject).toContain(name);
  });

  test("cannot start a header in the subject, nor turn the direction of writing", () => {
    const accountName = "Acme\r\nBcc: victim@example.com\u2028\u0000\u202Egnp.exe";
    const { subject } = renderEmail({
      message: "account-submitted",
      locale: "en",
      values: { ...emailSamples["account-submitted"], accountName },
    });
    expect(subject).toBe("New account to review: Acme Bcc: victim@example.com gnp.exe");
  });

  test("keeps its paragraphs in a reason, without a pile of blank lines", () => {
    const mail = renderEmail({
      message: "account-rejected",
      locale: "pt-BR",
      values: { ...rejected, reason: " Primeira linha\r\nsegunda\tlinha\n\n\n\n\nfim\u0007 " },
    });
    expect(mail.text).toContain("\n\nPrimeira linha\nsegunda linha\n\nfim\n\n");
    expect(mail.html).toContain("Primeira linha<br>segunda linha<br><br>fim</p>");
  });

  test("never reaches an address that nobody has confirmed", () => {
    // Whoever fills in the form chooses where these two go: no words of theirs may travel along.
    for (const message of ["verify-email", "sign-up-attempt"] as const) {
      const free = Object.entries(emailMessages[message]).filter(([, kind]) =>
        ["line", "paragraphs"].includes(kind),
      );
      expect(free.map(([name]) => name)).toEqual(["providerName"]);
    }
  });
});

describe("a value that will not do", () => {
  const approved = emailSamples["account-approved"];
  const render = (values: object) => () =>
    renderEmail({ message: "account-approved", locale: "en", values: { ...approved, ...values } });

  test.each([
    ["is missing", { accountName: undefined }],
    ["is empty", { accountName: " \n" }],
    ["is no text", { accountName: 7 }],
    ["runs code as a link", { accountUrl: "javascript:alert(1)" }],
    ["is a relative link", { accountUrl: "/accounts/acme" }],
    ["is a link to data", { accountUrl: "data:text/html,x" }],
  ])("%s: throws, naming the value", (_, values) => {
    expect(render(values)).toThrow(new RegExp(`account-approved.*${Object.keys(values)[0]}`));
  });

  test.each([0, -1, 1.5, Number.NaN])("%d hours: throws", (linkValidHours) => {
    const values = { ...emailSamples["verify-email"], linkValidHours };
    expect(() => renderEmail({ message: "verify-email", locale: "en", values })).toThrow("linkValidHours");
  });

  test("a quote in a link cannot leave its attribute", () => {
    const mail = render({ accountUrl: 'https://console.example.com/"onclick="x' })();
    expect(mail.html).not.toContain('"onclick');
  });
});

test.each([
  ["en", "is valid for 1 hour."],
  ["pt-BR", "vale por 1 hora."],
] as const)("one hour is singular in %s", (locale, written) => {
  const values = { ...emailSamples["verify-email"], linkValidHours: 1 };
  expect(renderEmail({ message: "verify-email", locale, values }).text).toContain(written);
});

test("both languages have the same texts, one set for each message and each of them in use", async () => {
  const { default: compiled } = await import("./compiled/messages.json", { with: { type: "json" } });
  const keys = (texts: Record<string, Record<string, string>>) =>
    Object.entries(texts).map(([message, own]) => [message, Object.keys(own)]);
  expect(keys(ptBR)).toEqual(keys(en));
  expect(Object.keys(en)).toEqual(["layout", ...messages]);
  expect(Object.keys(compiled.messages).sort()).toEqual(messages.toSorted());

  const templates = Object.entries(compiled.messages).map(([message, parts]) => ({
    message,
    all: JSON.stringify(parts),
  }));
  for (const [section, texts] of Object.entries(en)) {
    for (const key of Object.keys(texts)) {
      const used =
        section === "layout"
          ? templates.some(({ all }) => all.includes(`{{text:layout.${key}}}`))
          : templates.some(({ message, all }) => message === section && all.includes(`{{text:${key}}}`));
      expect(used, `emails.${section}.${key}`).toBe(true);
    }
  }
});

test("a language that we do not have throws", () => {
  const locale = "fr" as Locale;
  expect(() =>
    renderEmail({ message: "verify-email", locale, values: emailSamples["verify-email"] }),
  ).toThrow("fr");
});
