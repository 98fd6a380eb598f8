/**
 * Compiles app/emails/*.mjml and *.txt into app/emails/compiled/messages.json, which app/emails/render.ts
 * fills in. mjml takes two seconds to import, so that neither the web server, nor the worker, nor a test
 * may do it; this script does it once, before they start, and not at all while the sources are unchanged.
 *
 * Run it as `node scripts/compile-emails.ts`.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const emailsDirectory = join(import.meta.dirname, "../app/emails");

interface CompiledEmails {
  /** Digest of everything that the result depends on. */
  sources: string;
  /** The message's HTML and text with their placeholders still in place, by the message's name. */
  messages: Record<string, { html: string; text: string }>;
}

/**
 * Brings the compiled messages up to date.
 *
 * @param directory where the messages stand, with their shared parts in `layout/`
 * @returns "compiled", or "unchanged" where the sources are those of the last run
 * @throws where mjml reports anything at all, or where a message lacks its text
 */
export async function compileEmails(directory = emailsDirectory): Promise<"compiled" | "unchanged"> {
  const target = join(directory, "compiled/messages.json");
  const sources = await digestSources(directory);
  if ((await readCompiled(target))?.sources === sources) return "unchanged";

  const compiled: CompiledEmails = { sources, messages: {} };
  const names = (await readdir(directory)).filter((file) => file.endsWith(".mjml")).sort();
  for (const name of names.map((file) => file.slice(0, -".mjml".length))) {
    compiled.messages[name] = {
      html: await compileHtml(join(directory, `${name}.mjml`)),
      text: await joinText(join(directory, `${name}.txt`), join(directory, "layout/footer.txt")),
    };
  }

  await replaceFile(target, `${JSON.stringify(compiled, null, 2)}\n`);
  return "compiled";
}

/** Digest of the messages, of mjml's version and of this script: what the result depends on. */
async function digestSources(directory: string): Promise<string> {
  const messages = await readdir(directory, { recursive: true });
  const files = messages.filter((file) => /\.(mjml|txt)$/.test(file)).sort();
  const paths = [
    ...files.map((file) => join(directory, file)),
    createRequire(import.meta.url).resolve("mjml/package.json"),
    import.meta.filename,
  ];

  const digest = createHash("sha256");
  for (const file of files) digest.update(`${file}\0`);
  for (const path of paths)
    digest.update(
      createHash("sha256")
        .update(await readFile(path))
        .digest(),
    );
  return digest.digest("hex");
}

async function readCompiled(target: string): Promise<CompiledEmails | undefined> {
  try {
    return JSON.parse(await readFile(target, "utf8"));
  } catch {
    // Absent, or cut short: compiled anew.
    return undefined;
  }
}

async function compileHtml(path: string): Promise<string> {
  const { default: mjml2html } = await import("mjml");
  const { html } = await mjml2html(await readFile(path, "utf8"), {
    filePath: path,
    ignoreIncludes: false,
    validationLevel: "strict",
    keepComments: false,
    // A font from someone's server would tell them who opened the mail.
    fonts: {},
  }).catch((error: Error) => {
    // What mjml says names a folder and an element, and not the file.
    throw new Error(`${path}: ${error.message}`, { cause: error });
  });
  // A shared part that mjml cannot read is no error to it, but a comment in the result.
  const missingPart = /<!-- (mj-include .*?) -->/.exec(html);
  if (missingPart) throw new Error(`${path}: ${missingPart[1]}`);
  return html;
}

async function joinText(...paths: string[]): Promise<string> {
  const parts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  return parts.join("\n");
}

/** Writes beside the target first: a process that reads meanwhile sees the old file or the new one whole. */
async function replaceFile(target: string, content: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}`;
  await writeFile(temporary, content);
  await rename(temporary, target);
}

if (import.meta.main) console.log(`E-mail messages: ${await compileEmails()}`);
