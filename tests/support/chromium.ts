import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser that the end-to-end tests drive: CHROMIUM, or the first of its usual names on PATH. */
export function findChromium(): string | undefined {
  return process.env.CHROMIUM ?? findProgram(NAMES);
}

/** Path of the first of these programs that is installed. */
export function findProgram(names: string[]): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

/** Chromium's own sandbox refuses root; the rest keeps it from calling home, which tests must not depend on. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
