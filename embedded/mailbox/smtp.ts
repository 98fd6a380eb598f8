import { buffer } from "node:stream/consumers";
import type { Logger } from "pino";
import { SMTPServer } from "smtp-server";
import type { Messages } from "./messages.ts";

const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;

/**
 * An SMTP server that takes every message for every address, with any login or none. It offers no TLS: it
 * listens on loopback, and a certificate of its own making would only be refused.
 */
export function createSmtpServer(messages: Messages, log: Logger): SMTPServer {
  const server = new SMTPServer({
    name: "localhost",
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    size: MAX_MESSAGE_BYTES,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? "anyone" }),
    onData(stream, session, done) {
      receive().then(
        (id) => done(null, `kept as ${id}`),
        (error: Error) => done(error),
      );

      async function receive(): Promise<string> {
        const source = await buffer(stream);
        if (stream.sizeExceeded) {
          throw Object.assign(new Error("the message is too large"), { responseCode: 552 });
        }
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        const { id } = await messages.add(source, recipients);
        log.info({ id, bytes: source.length }, "message received");
        return id;
      }
    },
  });
  // A client that goes away in mid-sentence is an "error" here, and would otherwise end the process.
  server.on("error", (err) => log.info({ err }, "smtp connection failed"));
  return server;
}
