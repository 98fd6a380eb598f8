import nodemailer from "nodemailer";
import addressParser from "nodemailer/lib/addressparser";

export interface OutgoingEmail {
  /** One address, without a name. */
  to: string;
  /**
   * The part of the Message-ID before the `@`, the same each time that this mail is tried: a crash may send a
   * mail twice, and this is how the reader's mail server knows that it is one mail.
   */
  messageId: string;
  subject: string;
  html: string;
  text: string;
  /** Language code of the mail, such as `pt-BR`. */
  locale: string;
}

export interface Mailer {
  /** @throws {MailError} where the mail server did not take the mail */
  sendEmail(email: OutgoingEmail): Promise<void>;
  /** Lets what is being sent finish, and closes the connections. */
  closeMailer(): void;
}

/** A mail was not sent. Its message may be logged and shown to operators: it names neither addresses nor links. */
export class MailError extends Error {
  override name = "MailError";
  /**
   * True where another attempt may succeed: the server is away, busy, or set up wrongly on our side (sign-in,
   * sender, TLS). False where the recipient's address or the mail itself was refused for good.
   */
  readonly transient: boolean;
  /** The server's reply code, such as 550 (RFC 5321, 4.2); undefined where none arrived. */
  readonly replyCode: number | undefined;

  constructor(
    message: string,
    { transient, replyCode }: { transient: boolean; replyCode?: number | undefined },
  ) {
    super(message);
    this.transient = transient;
    this.replyCode = replyCode;
  }
}

/**
 * A mailer that keeps a few connections to one SMTP server.
 *
 * @param smtpUrl `smtp://` (STARTTLS where the server offers it; `?requireTLS=true` insists) or `smtps://`
 * @param from the sender, `Name <address>` or an address alone; its domain is the Message-IDs' too
 */
export function createMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): Mailer {
  const [sender] = addressParser(from, { flatten: true });
  const domain = sender?.address.split("@").at(-1);
  if (!sender || !domain || !/^[^\s<>@]+@[^\s<>@]+$/.test(sender.address)) {
    throw new TypeError("MAIL_FROM holds no e-mail address");
  }

  const transport = nodemailer.createTransport({
    pool: true,
    url: withoutLogging(smtpUrl),
    maxConnections: 4,
    // The queue retries. Once here, for a connection that the server closed while it was idle.
    maxRequeues: 1,
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async sendEmail({ to, messageId, subject, html, text, locale }) {
      if (!/^[\w.-]{1,64}$/.test(messageId)) throw new TypeError("messageId may hold only A-Z a-z 0-9 . _ -");
      try {
        await transport.sendMail({
          from: sender,
          // As an object it is one address: a comma in it cannot add another recipient.
          to: { name: "", address: to },
          messageId: `<${messageId}@${domain}>`,
          subject,
          html,
          text,
          // Spam filters count against a text that hides in base64.
          textEncoding: "quoted-printable",
          headers: {
            // Keeps holiday notices and other responders from answering (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "Content-Language": locale,
          },
        });
      } catch (error) {
        throw toMailError(error);
      }
    },

    closeMailer() {
      transport.close();
    },
  };
}

/** nodemailer lets the address switch on its protocol log, which holds one-time links. */
function withoutLogging(smtpUrl: string): string {
  const url = new URL(smtpUrl);
  for (const option of ["logger", "debug", "transactionLog"]) url.searchParams.delete(option);
  return url.href;
}

interface SmtpFailure {
  message: string;
  /** nodemailer's name for the failure, such as ECONNECTION. */
  code?: string;
  /** The command that the server answered, such as `RCPT TO`. */
  command?: string;
  responseCode?: number;
}

/** @see https://datatracker.ietf.org/doc/html/rfc5321#section-4.2.1 for what the reply codes mean */
function toMailError(error: unknown): MailError {
  const { message, code, command, responseCode: replyCode } = error as SmtpFailure;
  const refusedForGood = replyCode !== undefined && replyCode >= 500;
  const aboutThisMail = command === "RCPT TO" || command === "DATA";
  // Refused before it was sent, for an address that cannot be one.
  const noAddress = code === "EENVELOPE" && command === "API";
  return new MailError(`${code ?? "EUNKNOWN"}: ${withoutPersonalData(message)}`, {
    transient: !(noAddress || (refusedForGood && aboutThisMail)),
    replyCode,
  });
}

function withoutPersonalData(message: string): string {
  return message
    .replace(/\w+:\/\/\S+/g, "(link)")
    .replace(/\S+@\S+/g, "(address)")
    .slice(0, 300);
}
