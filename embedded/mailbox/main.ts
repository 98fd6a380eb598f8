/**
 * The mailbox: an SMTP server that keeps what it is sent, and pages that show it. It stands in for a real
 * mail service, on loopback only; SMTP_URL replaces it.
 *
 * Reads EMBEDDED_SMTP_PORT, EMBEDDED_MAILBOX_PORT, DATA_DIR and LOG_LEVEL.
 */
import { once } from "node:events";
import { join } from "node:path";
import pino from "pino";
import { openMessages } from "./messages.ts";
import { createSmtpServer } from "./smtp.ts";
import { createWeb } from "./web.ts";

const HOST = "127.0.0.1";

const log = pino({ level: process.env.LOG_LEVEL || "info", timestamp: pino.stdTimeFunctions.isoTime });
const smtpPort = readPort("EMBEDDED_SMTP_PORT", 1025);
const webPort = readPort("EMBEDDED_MAILBOX_PORT", 8025);

const messages = await openMessages(join(process.env.DATA_DIR || ".data", "mailbox"));
const smtp = createSmtpServer(messages, log);
await once(smtp.listen(smtpPort, HOST), "listening");
const web = createWeb(messages).listen(webPort, HOST);
await once(web, "listening");
log.info({ smtpPort, webPort }, "mailbox ready");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    smtp.close();
    web.close();
    web.closeAllConnections();
  });
}

function readPort(name: string, fallback: number): number {
  const port = Number(process.env[name] || fallback);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Error(`${name} must be a port number`);
}
