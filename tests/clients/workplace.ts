import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ClientName } from "#app/domain/access-keys/client-settings.ts";
import type { IssuedKey } from "./issued-keys.ts";

/** How a client's run ended, and what it said. */
export interface Ran {
  code: number | null;
  /** Standard output. */
  stdout: string;
  /** Standard output and error, as they came. */
  output: string;
}

/** A person's home directory with each client set up as the console's page says, and files to work on. */
export interface Workplace {
  connection: IssuedKey;
  /** The first file that the page shows for this client. */
  settings(client: ClientName): string;
  /** Types, into one shell, what the page says to type for this client. */
  tryOut(client: ClientName, options?: RunOptions): Promise<Ran>;
  /** A path in it. */
  path(...names: string[]): string;
  /** Writes a file; a number stands for as many random bytes. Answers its content. */
  write(name: string, content: number | string): Promise<Buffer>;
  read(name: string): Promise<Buffer>;
  /** Names of the files below a directory, however deep, in order. */
  list(name: string): Promise<string[]>;
  /** Runs a client to its end, whatever that is. */
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Runs a client and answers its standard output; throws with all it said unless it succeeds. */
  succeed(command: readonly string[], options?: RunOptions): Promise<string>;
  close(): Promise<void>;
}

export interface RunOptions {
  /** What it reads from standard input. */
  input?: Buffer | string;
  environment?: Record<string, string>;
}

/** A name in each of the ways that an S3 client may get wrong, from those a file can have. */
export const oddNames = [
  "pão de açúcar/fornada 1.txt",
  "日本語/😀.txt",
  "a+b c&d=e;f,g@h:i$j.txt",
  "100% 50%25 %2F.txt",
  "(paren) [bracket] {brace} 'quote' \"double\".txt",
  "~tilde !bang #hash ^caret `tick` |pipe.txt",
  "<xml> & more.txt",
  "..dots/...txt",
  ".hidden",
];

/** Sets each client up with the settings that the console shows for this key. */
export async function openWorkplace(connection: IssuedKey): Promise<Workplace> {
  const home = await mkdtemp(join(tmpdir(), "balde-client-"));
  const path = (...names: string[]) => join(home, ...names);
  const shownFor = (client: ClientName) => connection.shown.find((shown) => shown.client === client);
  // As downloaded, to where the page says; a bare name is one beside the person.
  for (const { files } of connection.shown)
    for (const file of files) await save(path(file.path.replace(/^~\//, "")), file.downloaded);

  async function run(command: readonly string[], { input, environment }: RunOptions = {}): Promise<Ran> {
    const [program = "", ...args] = command;
    // Debian's own programs, whatever stands first in this user's PATH.
    const child = spawn(join("/usr/bin", program), args, {
      cwd: home,
      env: {
        PATH: "/usr/bin:/bin",
        HOME: home,
        LANG: "C.UTF-8",
        // aws would look for a cloud around it that knows more.
        AWS_EC2_METADATA_DISABLED: "true",
        ...environment,
      },
    });
    let [stdout, output] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    // A client that fails early does not read to the end.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    await once(child, "close");
    return { code: child.exitCode, stdout, output };
  }

  return {
    connection,
    settings: (client) => shownFor(client)?.files[0]?.code ?? "",
    // dash in Debian, as for most who type it.
    tryOut: (client, options) => run(["sh", "-e", "-c", shownFor(client)?.commands ?? "false"], options),
    path,
    async write(name, content) {
      const bytes = typeof content === "number" ? randomBytes(content) : Buffer.from(content);
      await save(path(name), bytes);
      return bytes;
    },
    read: (name) => readFile(path(name)),
    async list(name) {
      const entries = await readdir(path(name), { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return files.map((entry) => join(entry.parentPath, entry.name).slice(path(name).length + 1)).sort();
    },
    run,
    async succeed(command, options) {
      const { code, stdout, output } = await run(command, options);
      if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${output}`);
      return stdout;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

async function save(file: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
