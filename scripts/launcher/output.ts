import { createWriteStream, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Service } from "./service.ts";

const KEEP_BYTES = 20 * 1024 * 1024;
const PINO_WARN = 40;
/** The same line again within this time is not shown again. */
const REPEAT_MS = 10_000;

/** Writes a line about what goes on to the terminal. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Says why it cannot go on, where who pipes the rest away still sees it. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Sends what a service prints to `DATA_DIR/logs/NAME.log`, and to the terminal what someone should see there:
 * warnings and errors from the structured log in one line, and whatever is no structured log at all.
 *
 * @returns a function that takes the service's output streams, once per start of its process.
 */
export function logTo(dataDir: string, name: Service["name"], onMessage: (message: string) => void) {
  const directory = join(dataDir, "logs");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.log`);
  keepPrevious(path);
  const file = createWriteStream(path, { flags: "a", mode: 0o600 });
  const show = withoutRepeats((line) => say(`[${name}] ${line}`));

  return (...streams: Readable[]) => {
    for (const stream of streams) {
      createInterface({ input: stream }).on("line", (line) => {
        file.write(`${line}\n`);
        const entry = parseEntry(line);
        if (!entry) {
          if (line.trim()) show(line);
          return;
        }
        onMessage(entry.msg);
        if (entry.level >= PINO_WARN) show(summary(entry));
      });
    }
  };
}

/** A fault that every request meets fills the log file, not the terminal. */
function withoutRepeats(show: (line: string) => void): (line: string) => void {
  let last = { line: "", at: 0 };
  return (line) => {
    const now = Date.now();
    if (line === last.line && now - last.at < REPEAT_MS) return;
    last = { line, at: now };
    show(line);
  };
}

interface LogEntry {
  level: number;
  msg: string;
  err?: { message?: string };
}

function parseEntry(line: string): LogEntry | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line) as Partial<LogEntry>;
    if (typeof entry.level !== "number") return undefined;
    return { ...entry, level: entry.level, msg: entry.msg ?? "" };
  } catch {
    return undefined;
  }
}

function summary({ level, msg, err }: LogEntry): string {
  const severity = level >= 60 ? "fatal" : level >= 50 ? "error" : "warning";
  const reason = err?.message && err.message !== msg ? err.message : undefined;
  return `${severity}: ${[msg, reason].filter(Boolean).join(": ")}`;
}

/** One older log is kept; without this the files of a machine that is never looked at grow for ever. */
function keepPrevious(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > KEEP_BYTES) renameSync(path, `${path}.1`);
}
