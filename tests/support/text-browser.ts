import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** lynx: a browser without scripts and styles, which sends neither Origin nor Sec-Fetch-Site. */
export interface TextBrowser {
  /** A page as its reader sees it. */
  read(url: string): Promise<string>;
  /** What an address answers, as it is. */
  download(url: string): Promise<string>;
  /** Where the links of a page lead. */
  links(url: string): Promise<string[]>;
  /**
   * Fills in the fields that follow these labels, in the page's order, and presses the button. Answers
   * the page that comes of it, as its reader sees it.
   */
  submit(url: string, values: Record<string, string>, button: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a browser with cookies of its own. */
export async function openTextBrowser(language: string): Promise<TextBrowser> {
  const directory = await mkdtemp(join(tmpdir(), "balde-lynx-"));
  const cookies = join(directory, "cookies");
  const settings = {
    ACCEPT_ALL_COOKIES: "TRUE",
    PERSISTENT_COOKIES: "TRUE",
    COOKIE_FILE: cookies,
    COOKIE_SAVE_FILE: cookies,
    CHARACTER_SET: "utf-8",
    PREFERRED_LANGUAGE: language,
    // What it tells in its status line would otherwise stand there for a second each.
    INFOSECS: "0",
    MESSAGESECS: "0",
    ALERTSECS: "0",
  };
  const settingsFile = join(directory, "lynx.cfg");
  await writeFile(
    settingsFile,
    Object.entries(settings)
      .map(([name, value]) => `${name}:${value}\n`)
      .join(""),
  );
  const dump = async (url: string, ...options: string[]) =>
    (await execute("lynx", [`-cfg=${settingsFile}`, "-dump", "-width=200", ...options, url])).stdout;

  return {
    read: (url) => dump(url, "-nolist"),
    download: async (url) => (await execute("lynx", [`-cfg=${settingsFile}`, "-source", url])).stdout,
    links: async (url) => (await dump(url, "-listonly", "-nonumbers")).split("\n").map((line) => line.trim()),

    async submit(url, values, button) {
      const page = await dump(url, "-nolist", "-number_fields");
      const script = join(directory, "keys");
      const answer = join(directory, "answer");
      await rm(answer, { force: true });
      const keys = [...keysFor(page, values, button), ...printTo(answer), "Q", "y"];
      await writeFile(script, keys.map((key) => `key ${key}\n`).join(""));
      // On a tall terminal the whole page is on the screen, and Down goes from one field to the next.
      const command = `stty rows 500 cols 200; lynx -cfg=${settingsFile} -cmd_script=${script} '${url}'`;
      await execute("script", ["-qec", command, "/dev/null"], {
        env: { ...process.env, TERM: "xterm" },
        timeout: 30_000,
      });
      return readFile(answer, "utf8");
    },

    close: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The keys that fill in the page's form, from the numbers that lynx gives to links and fields. */
function keysFor(page: string, values: Record<string, string>, button: string): string[] {
  const keys: string[] = [];
  let at = 1;
  const goTo = (number: number) => {
    keys.push(...Array<string>(number - at).fill("Down Arrow"));
    at = number;
  };
  for (const [label, value] of Object.entries(values)) {
    goTo(numberAfter(page, label, /\[(\d+)\]_/));
    keys.push(...[...value].map((character) => (character === " " ? "<space>" : character)));
  }
  goTo(numberOfButton(page, button));
  return [...keys, "^J"];
}

/** Saves the page at hand in a file: "print", its first choice, and a name in place of the one offered. */
function printTo(file: string): string[] {
  return ["p", "^J", "^U", ...file, "^J"];
}

function numberAfter(page: string, label: string, pattern: RegExp): number {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.trim() === label);
  const before = lines.slice(0, start).join("\n");
  const number = pattern.exec(lines.slice(start).join("\n"))?.[1];
  if (start < 0 || !number) throw new Error(`no field labelled "${label}" in:\n${page}`);
  return Number(number) + unnumbered(before);
}

function numberOfButton(page: string, name: string): number {
  const lines = page.split("\n");
  const at = lines.findIndex((line) => line.includes(`BUTTON) ${name}`));
  const number = /\[(\d+)\]BUTTON\) /.exec(lines[at] ?? "")?.[1];
  if (!number) throw new Error(`no button "${name}" in:\n${page}`);
  return Number(number) + unnumbered(lines.slice(0, at).join("\n"));
}

/** Buttons that submit nothing have no number, and the cursor stops at them all the same. */
function unnumbered(text: string): number {
  return text.split("(BUTTON)").length - 1;
}
