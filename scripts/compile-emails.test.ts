import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compileEmails } from "./compile-emails.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "balde-emails-"));
  await mkdir(join(directory, "layout"));
  await write("layout/footer.txt", "{{text:layout.automatic}}\n");
  await write("layout/footer.mjml", message("<mj-text>{{text:layout.automatic}}</mj-text>", ""));
  await write("hello.txt", "{{text:heading}}\n");
  await write("hello.mjml", message("<mj-text>{{text:heading}}</mj-text>"));
});
afterEach(() => rm(directory, { recursive: true }));

const write = (name: string, content: string) => writeFile(join(directory, name), content);
const compiledPath = () => join(directory, "compiled/messages.json");
const compiled = async () => JSON.parse(await readFile(compiledPath(), "utf8"));

function message(content: string, include = '<mj-include path="layout/footer.mjml" />'): string {
  const section = `<mj-section><mj-column>${content}</mj-column></mj-section>`;
  return include ? `<mjml><mj-body>${section}${include}</mj-body></mjml>` : section;
}

test("compiles each message with the shared parts, its placeholders left in place", async () => {
  expect(await compileEmails(directory)).toBe("compiled");
  const { messages } = await compiled();
  expect(Object.keys(messages)).toEqual(["hello"]);
  expect(messages.hello.html).toMatch(/\{\{text:heading\}\}.*\{\{text:layout\.automatic\}\}/s);
  expect(messages.hello.text).toBe("{{text:heading}}\n\n{{text:layout.automatic}}\n");
});

test("does nothing while the sources are unchanged, and the same again after a fresh start", async () => {
  await compileEmails(directory);
  const first = await readFile(compiledPath(), "utf8");
  const { mtimeMs } = await stat(compiledPath());
  expect(await compileEmails(directory)).toBe("unchanged");
  expect((await stat(compiledPath())).mtimeMs).toBe(mtimeMs);

  await rm(compiledPath());
  expect(await compileEmails(directory)).toBe("compiled");
  expect(await readFile(compiledPath(), "utf8")).toBe(first);
});

test.each(["hello.mjml", "hello.txt", "layout/footer.mjml", "layout/footer.txt"])(
  "compiles again after a change to %s",
  async (name) => {
    await compileEmails(directory);
    await write(name, (await readFile(join(directory, name), "utf8")).replace("{{text:", "{{text:new."));
    expect(await compileEmails(directory)).toBe("compiled");
    expect(JSON.stringify(await compiled())).toContain("{{text:new.");
  },
);

test("compiles again where the result was cut short", async () => {
  await compileEmails(directory);
  await writeFile(compiledPath(), '{"sources":');
  expect(await compileEmails(directory)).toBe("compiled");
});

test.each([
  ["an unknown attribute", message('<mj-text colour="red">x</mj-text>')],
  ["an unknown element", message("<mj-txt>x</mj-txt>")],
  ["an element in the wrong place", "<mjml><mj-body><mj-text>x</mj-text></mj-body></mjml>"],
  ["a shared part that does not exist", message("", '<mj-include path="layout/missing.mjml" />')],
  ["a shared part from elsewhere", message("", '<mj-include path="../../etc/passwd" />')],
])("fails on %s, and leaves no result", async (_, source) => {
  await write("hello.mjml", source);
  await expect(compileEmails(directory)).rejects.toThrow("hello.mjml");
  await expect(stat(compiledPath())).rejects.toThrow("ENOENT");
});

test("fails where a message has no plain text", async () => {
  await rm(join(directory, "hello.txt"));
  await expect(compileEmails(directory)).rejects.toThrow("hello.txt");
});
