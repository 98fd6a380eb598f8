import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { simpleParser } from "mailparser";

/** A received message, as the pages and the JSON interface show it. */
export interface Message {
  /** Sorts by time of arrival. */
  id: string;
  /** The From header, name and address. */
  from: string;
  /** Addresses that the message was delivered to, from the SMTP envelope. */
  to: string[];
  subject: string;
  text: string;
  /** Empty when the message has no HTML part. */
  html: string;
  /** Time of arrival, ISO 8601 in UTC. */
  date: string;
}

/** The messages that have arrived, kept as files: `ID.eml` as received, `ID.json` as shown. */
export interface Messages {
  /** Stores a message; when this settles, it survives the end of the process. */
  add(source: Buffer, recipients: string[]): Promise<Message>;
  /** Newest first. */
  list(): Message[];
  find(id: string): Message | undefined;
  /** The message as it was received, headers included; undefined when there is none of this id. */
  source(id: string): Promise<Buffer | undefined>;
}

/** Older messages make room for new ones. */
const KEPT_MESSAGES = 1_000;

/** Opens the messages of a directory, which is made when it does not exist. */
export async function openMessages(directory: string, keep = KEPT_MESSAGES): Promise<Messages> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json")).sort();
  const messages = new Map<string, Message>();
  for (const name of names) {
    const message = JSON.parse(await readFile(join(directory, name), "utf8")) as Message;
    messages.set(message.id, message);
  }

  return {
    async add(source, recipients) {
      const message = await readMessage(source, recipients);
      await writeFile(join(directory, `${message.id}.eml`), source, { mode: 0o600 });
      // The description last, and whole: without it the message does not exist.
      const temporary = join(directory, `${message.id}.tmp`);
      await writeFile(temporary, JSON.stringify(message), { mode: 0o600 });
      await rename(temporary, join(directory, `${message.id}.json`));
      messages.set(message.id, message);
      await removeOldest();
      return message;
    },
    list: () => [...messages.values()].sort((a, b) => (a.id < b.id ? 1 : -1)),
    find: (id) => messages.get(id),
    source: async (id) => (messages.has(id) ? await readFile(join(directory, `${id}.eml`)) : undefined),
  };

  async function removeOldest(): Promise<void> {
    const surplus = [...messages.keys()].sort().slice(0, Math.max(0, messages.size - keep));
    for (const id of surplus) {
      messages.delete(id);
      await rm(join(directory, `${id}.json`), { force: true });
      await rm(join(directory, `${id}.eml`), { force: true });
    }
  }
}

async function readMessage(source: Buffer, recipients: string[]): Promise<Message> {
  const parsed = await simpleParser(source, { skipTextToHtml: true });
  const date = new Date().toISOString();
  return {
    id: `${date.replace(/[-:.]/g, "")}-${randomBytes(6).toString("hex")}`,
    from: parsed.from?.text ?? "",
    to: recipients,
    subject: parsed.subject ?? "",
    text: parsed.text ?? "",
    html: parsed.html || "",
    date,
  };
}
