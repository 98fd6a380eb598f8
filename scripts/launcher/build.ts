import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { whileBuilding } from "./lock.ts";

/** A result that is made from sources by a command, and made again only when they have changed. */
interface BuildStep {
  /** What the terminal shows while it runs. */
  what: string;
  /** Program under node_modules, or of ours, and its arguments. */
  command: [program: string, ...args: string[]];
  /** Files and folders that the result depends on; package-lock.json always does. */
  sources: string[];
  /** Folder of the result; the stamp stands in it. */
  target: string;
}

const prismaClient: BuildStep = {
  what: "Generating the database client",
  command: ["node_modules/prisma/build/index.js", "generate"],
  sources: ["prisma/schema.prisma", "prisma.config.ts"],
  target: "app/generated",
};

const webApplication: BuildStep = {
  what: "Building the web application",
  command: ["node_modules/@react-router/dev/bin.cjs", "build"],
  sources: [
    "app",
    "public",
    "prisma/schema.prisma",
    "vite.config.ts",
    "react-router.config.ts",
    "tsconfig.json",
  ],
  target: "build",
};

/**
 * Brings what is built from the sources up to date: the database client, the messages and, unless Vite serves
 * it from the sources, the web application. Paths are relative to the working directory.
 *
 * @throws with the command's output when a step fails.
 */
export async function buildWhatIsStale(options: {
  development: boolean;
  say: (line: string) => void;
}): Promise<void> {
  await whileBuilding(async () => {
    await runIfStale(prismaClient, options.say);
    // Looks itself whether it is due. The web application holds the result.
    await run(["scripts/compile-emails.ts"]);
    if (!options.development) await runIfStale(webApplication, options.say);
  });
}

async function runIfStale(step: BuildStep, say: (line: string) => void): Promise<void> {
  const stamp = join(step.target, ".stamp");
  const digest = await digestSources([...step.sources, "package-lock.json"]);
  if ((await readFile(stamp, "utf8").catch(() => "")) === digest) return;

  say(`${step.what}…`);
  // A build that is cut short must not pass for one that is finished.
  await rm(stamp, { force: true });
  await run(step.command);
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, digest);
}

async function run(command: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, command, {
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Digest of names and contents, tests and generated code left out. */
export async function digestSources(paths: string[]): Promise<string> {
  const digest = createHash("sha256");
  for (const path of paths) {
    for (const file of await listFiles(path)) {
      const content = createHash("sha256").update(await readFile(file));
      digest.update(`${file}\0${content.digest("hex")}\n`);
    }
  }
  return digest.digest("hex");
}

async function listFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      if (error.code === "ENOTDIR") return undefined;
      throw error;
    },
  );
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/\.test\.tsx?$|^app\/generated\/|^app\/emails\/compiled\//.test(file))
    .sort();
}
