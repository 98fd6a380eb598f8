import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { emailMessages } from "#app/emails/messages.ts";
import { locales } from "#app/locales/index.ts";
import { compileEmails } from "../../scripts/compile-emails.ts";
import { createMailer, MailError, type Mailer, type OutgoingEmail } from "./smtp-mailer.ts";

let renderSample: typeof import("#app/emails/render.ts").renderSample;
beforeAll(async () => {
  await compileEmails();
  ({ renderSample } = await import("#app/emails/render.ts"));
});

const from = "Nuvem São João <no-reply@mail.example.com>";
const token = "3q2-7wAAAAC9K1d0b2tlbg";

const email: OutgoingEmail = {
  to: "conceicao@example.com",
  messageId: "0198c2f4-7d1e-7c3a-9b1f-2f6f0c8d5e11",
  subject: "Confirmação – São Paulo",
  html: `<p>Olá, coração: <a href="https://console.example.com/verify-email/${token}">ção</a></p>`,
  text: `Olá, coração: https://console.example.com/verify-email/${token}`,
  locale: "pt-BR",
};

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface ReceivedMail {
  sender: string | undefined;
  recipients: string[];
  raw: string;
  parsed: ParsedMail;
}

/** A real SMTP server on a free port, and a mailer that uses it. */
async function startMailServer(options: SMTPServerOptions = {}, credentials = "") {
  const received: ReceivedMail[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onConnect(_, callback) {
      connections += 1;
      callback();
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks);
        received.push({
          sender: envelope.mailFrom ? envelope.mailFrom.address : undefined,
          recipients: envelope.rcptTo.map((recipient) => recipient.address),
          raw: raw.toString("latin1"),
          parsed: await simpleParser(raw),
        });
        callback();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  const port = await listen(server.server);
  cleanUps.push(() => new Promise<void>((closed) => server.close(closed)));
  const mailer = startMailer(`smtp://${credentials}127.0.0.1:${port}`);
  return { mailer, received, connections: () => connections, port, server };
}

function startMailer(smtpUrl: string): Mailer {
  const mailer = createMailer({ smtpUrl, from });
  cleanUps.push(() => mailer.closeMailer());
  return mailer;
}

async function listen(server: Pick<Server, "listen" | "address" | "once">): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server as Server, "listening");
  return (server.address() as { port: number }).port;
}

async function failureOf(sending: Promise<void>): Promise<MailError> {
  const error = await sending.then(
    () => expect.fail("the mail was taken"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MailError);
  return error as MailError;
}

function answer(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

describe("over real SMTP", () => {
  test("carries both parts, UTF-8 and the headers", async () => {
    const { mailer, received } = await startMailServer();
    await mailer.sendEmail(email);

    expect(received).toHaveLength(1);
    const [{ sender, recipients, raw, parsed }] = received as [ReceivedMail];
    expect(sender).toBe("no-reply@mail.example.com");
    expect(recipients).toEqual(["conceicao@example.com"]);
    expect(parsed.subject).toBe(email.subject);
    expect(parsed.from?.value).toEqual([{ name: "Nuvem São João", address: "no-reply@mail.example.com" }]);
    expect(parsed.text?.trim()).toBe(email.text);
    expect(parsed.html).toBe(email.html);
    expect(parsed.messageId).toBe(`<${email.messageId}@mail.example.com>`);
    expect(parsed.headers.get("auto-submitted")).toBe("auto-generated");
    expect(parsed.headers.get("content-language")).toBe("pt-BR");
    expect(parsed.date).toBeInstanceOf(Date);
    // On the wire, only ASCII: no server on the way has to know UTF-8.
    expect(raw).toMatch(/^\p{ASCII}*$/u);
    expect(raw).toContain("multipart/alternative");
    expect(raw).not.toContain("base64");
  });

  test("carries every message in both languages as it was rendered", async () => {
    const { mailer, received } = await startMailServer();
    for (const message of Object.keys(emailMessages) as (keyof typeof emailMessages)[]) {
      for (const locale of locales) {
        const reader = { locale, timeZone: "America/Sao_Paulo" };
        const mail = renderSample(message, reader, { providerName: "Balde", supportEmail: null });
        await mailer.sendEmail({ ...mail, locale, to: email.to, messageId: `${message}.${locale}` });

        const { parsed } = received.at(-1) as ReceivedMail;
        expect(parsed.subject).toBe(mail.subject);
        expect(parsed.text?.trim()).toBe(mail.text.trim());
        expect(String(parsed.html).trim()).toBe(mail.html.trim());
      }
    }
  });

  test("gives a second attempt the same Message-ID", async () => {
    const { mailer, received } = await startMailServer();
    await mailer.sendEmail(email);
    await mailer.sendEmail(email);
    const [first, second] = received;
    expect(second?.parsed.messageId).toBe(first?.parsed.messageId);
  });

  test("sends many at once over at most four connections", async () => {
    const { mailer, received, connections } = await startMailServer();
    const ids = Array.from({ length: 40 }, (_, index) => `mail-${index}`);
    await Promise.all(ids.map((messageId) => mailer.sendEmail({ ...email, messageId })));
    expect(received.map(({ parsed }) => parsed.messageId).sort()).toEqual(
      ids.map((id) => `<${id}@mail.example.com>`).sort(),
    );
    expect(connections()).toBeLessThanOrEqual(4);
  });

  test("signs in with the name and password of the address", async () => {
    let signedInAs: string | undefined;
    const { mailer } = await startMailServer(
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth({ username, password }, _, callback) {
          signedInAs = `${username}:${password}`;
          callback(null, { user: username });
        },
      },
      "balde:p%40ss@",
    );
    await mailer.sendEmail(email);
    expect(signedInAs).toBe("balde:p@ss");
  });

  test("goes on after the server has closed the idle connection", async () => {
    const sockets: Socket[] = [];
    const { mailer, received, server } = await startMailServer();
    server.server.on("connection", (socket: Socket) => sockets.push(socket));
    await mailer.sendEmail(email);
    for (const socket of sockets) socket.destroy();
    await mailer.sendEmail(email);
    expect(received).toHaveLength(2);
  });
});

describe("what people wrote", () => {
  test("cannot add a header through the subject", async () => {
    const { mailer, received } = await startMailServer();
    await mailer.sendEmail({ ...email, subject: "Olá\r\nBcc: victim@example.com\r\n\r\nbody" });
    const [mail] = received as [ReceivedMail];
    expect(mail.recipients).toEqual([email.to]);
    expect(mail.parsed.headers.has("bcc")).toBe(false);
    expect(mail.parsed.text?.trim()).toBe(email.text);
  });

  test.each([
    "a@example.com, victim@example.com",
    "a@example.com\r\nRCPT TO:<victim@example.com>",
    "A <a@example.com>",
    "",
  ])("cannot add a recipient: %j", async (to) => {
    const { mailer, received } = await startMailServer();
    const outcome = await mailer.sendEmail({ ...email, to }).catch((error: unknown) => error);
    for (const mail of received) expect(mail.recipients).not.toContain("victim@example.com");
    expect(outcome).toMatchObject({ name: "MailError", transient: false });
  });

  test("cannot stand in a Message-ID", async () => {
    const { mailer } = await startMailServer();
    await expect(mailer.sendEmail({ ...email, messageId: "a@b>\r\nBcc: c" })).rejects.toThrow(TypeError);
  });
});

describe("a refusal", () => {
  test("of the recipient for good is permanent, and its message names neither address nor link", async () => {
    const { mailer } = await startMailServer({
      onRcptTo({ address }, _, callback) {
        callback(answer(550, `5.1.1 <${address}> unknown, see https://mx.example.com/why?rcpt=${address}`));
      },
    });
    const error = await failureOf(mailer.sendEmail(email));
    expect(error).toMatchObject({ transient: false, replyCode: 550 });
    expect(error.message).toContain("5.1.1");
    expect(error.message).not.toMatch(/conceicao|example\.com/);
  });

  test("of the recipient for now (greylisting) is transient", async () => {
    const { mailer } = await startMailServer({
      onRcptTo: (_, __, callback) => callback(answer(451, "4.7.1 Greylisted, try again later")),
    });
    expect(await failureOf(mailer.sendEmail(email))).toMatchObject({ transient: true, replyCode: 451 });
  });

  test("of the message itself for good is permanent", async () => {
    const { mailer } = await startMailServer({
      onData(stream, _, callback) {
        stream.resume().on("end", () => callback(answer(554, "5.7.1 Looks like spam")));
      },
    });
    expect(await failureOf(mailer.sendEmail(email))).toMatchObject({ transient: false, replyCode: 554 });
  });

  test("of our sender, or of our password, is transient: it is ours to mend, and the mail must not be lost", async () => {
    const { mailer } = await startMailServer({
      onMailFrom: (_, __, callback) => callback(answer(550, "5.7.1 Sender not allowed")),
    });
    expect(await failureOf(mailer.sendEmail(email))).toMatchObject({ transient: true, replyCode: 550 });

    const secret = "correct-horse";
    const { mailer: unknown } = await startMailServer(
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_, __, callback) => callback(answer(535, "5.7.8 Authentication failed")),
      },
      `balde:${secret}@`,
    );
    const error = await failureOf(unknown.sendEmail(email));
    expect(error).toMatchObject({ transient: true, replyCode: 535 });
    expect(error.message).not.toContain(secret);
  });
});

describe("a server that is away", () => {
  test("is transient, and the next mail gets through once it is back", async () => {
    const { mailer, server, port, received } = await startMailServer();
    await new Promise<void>((closed) => server.close(closed));
    const error = await failureOf(mailer.sendEmail(email));
    expect(error).toMatchObject({ transient: true, replyCode: undefined });

    const back = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      onData: (stream, _, callback) => void stream.resume().on("end", () => callback()),
    });
    back.listen(port, "127.0.0.1");
    await once(back.server, "listening");
    cleanUps.push(() => new Promise<void>((closed) => back.close(closed)));
    cleanUps.push(() => mailer.closeMailer());
    await mailer.sendEmail(email);
    expect(received).toHaveLength(0);
  });

  test("is transient where it hangs up at once", async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await listen(server);
    cleanUps.push(() => server.close());
    expect(await failureOf(startMailer(`smtp://127.0.0.1:${port}`).sendEmail(email))).toMatchObject({
      transient: true,
    });
  });

  test("is transient, and given up after ten seconds, where it never says a word", {
    timeout: 15_000,
  }, async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    const port = await listen(server);
    cleanUps.push(() => server.close());
    cleanUps.push(() => sockets.map((socket) => socket.destroy()));
    const error = await failureOf(startMailer(`smtp://127.0.0.1:${port}`).sendEmail(email));
    expect(error).toMatchObject({ transient: true });
    expect(error.message).toMatch(/^ETIMEDOUT/);
  });
});

test("the address cannot switch on a log of what is sent", async () => {
  const { port, received } = await startMailServer();
  const written: string[] = [];
  const { write } = process.stdout;
  const { log } = console;
  process.stdout.write = (chunk: string) => written.push(String(chunk)) > 0;
  console.log = (...words) => written.push(words.join(" "));
  try {
    await startMailer(`smtp://127.0.0.1:${port}/?logger=true&debug=true&transactionLog=true`).sendEmail(
      email,
    );
  } finally {
    process.stdout.write = write;
    console.log = log;
  }
  expect(received).toHaveLength(1);
  expect(written.join("")).not.toContain(token);
});

test.each(["", "nobody", "Balde <>", "a@b@c.example <x"])("MAIL_FROM %j is refused", (broken) => {
  expect(() => createMailer({ smtpUrl: "smtp://127.0.0.1:25", from: broken })).toThrow("MAIL_FROM");
});

test("closing lets what is being sent finish", async () => {
  const { mailer, received } = await startMailServer({});
  await mailer.sendEmail({ ...email, messageId: "first" });
  const sending = mailer.sendEmail({ ...email, messageId: "second" });
  // Sent over the connection of the first: it is under way as soon as the event loop has turned.
  await new Promise((turned) => setTimeout(turned, 5));
  mailer.closeMailer();
  await sending;
  expect(received.map(({ parsed }) => parsed.messageId)).toContain("<second@mail.example.com>");
});
