import pino from "pino";
import { env } from "./env.server.ts";

/**
 * JSON lines on standard output. Callers log ids, never bodies; the redaction is the net below that.
 */
export const log = pino({
  level: env.LOG_LEVEL,
  base: { pid: process.pid },
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: [
      "*.password",
      "*.secret",
      "*.secretAccessKey",
      "*.token",
      "*.formToken",
      "*.cookie",
      "*.authorization",
      "err.config",
      "err.$response",
    ],
    censor: "[redacted]",
  },
});
