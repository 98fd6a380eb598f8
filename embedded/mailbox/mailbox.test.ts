import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { createTransport } from "nodemailer";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Message, openMessages } from "./messages.ts";
import { createSmtpServer } from "./smtp.ts";
import { createWeb } from "./web.ts";

let directory: string;
let smtpPort: number;
let origin: string;
const closers: (() => void)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "balde-mailbox-"));
  const messages = await openMessages(directory);
  const smtp = createSmtpServer(messages, pino({ level: "silent" }));
  const listener = smtp.listen(0, "127.0.0.1");
  const web = createWeb(messages).listen(0, "127.0.0.1");
  await new Promise((listening) => web.once("listening", listening));
  smtpPort = (listener.address() as AddressInfo).port;
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  closers.push(
    () => smtp.close(),
    () => web.close(),
  );
});

afterAll(async () => {
  for (const close of closers) close();
  await rm(directory, { recursive: true, force: true });
});

async function send(message: { subject: string; text?: string; html?: string; to?: string }): Promise<void> {
  const transport = createTransport({
    host: "127.0.0.1",
    port: smtpPort,
    auth: { user: "anyone", pass: "anything" },
  });
  await transport.sendMail({ from: "Balde <balde@example.test>", to: "ana@example.test", ...message });
  transport.close();
}

async function list(): Promise<Message[]> {
  return (await (await fetch(`${origin}/api/messages`)).json()) as Message[];
}

describe("the mailbox", () => {
  it("shows over HTTP what arrived over SMTP, newest first", async () => {
    await send({ subject: "Primeira", text: "olá" });
    await send({
      subject: "Confirmação <b>",
      text: "Abra https://console.test/verify-email/abc?x=1&y=2 agora",
      html: "<!doctype html><html><head><title>x</title></head><body><p>Olá, <b>Ana</b></p></body></html>",
      to: "ana@example.test, João <joao@example.test>",
    });

    const [newest, older] = await list();
    expect(older).toMatchObject({ subject: "Primeira", text: "olá\n", html: "" });
    expect(newest).toMatchObject({
      from: '"Balde" <balde@example.test>',
      to: ["ana@example.test", "joao@example.test"],
      subject: "Confirmação <b>",
    });
    expect(newest?.html).toContain("<b>Ana</b>");
    expect(Date.parse(newest?.date ?? "")).toBeGreaterThan(Date.now() - 60_000);
    expect(await (await fetch(`${origin}/api/messages/${newest?.id}`)).json()).toEqual(newest);
  });

  it("keeps messages over a restart", async () => {
    const before = await list();
    expect((await openMessages(directory)).list()).toEqual(before);
  });

  it("keeps no more than it should", async () => {
    const small = join(directory, "small");
    const messages = await openMessages(small, 2);
    const sent = [];
    for (const subject of ["a", "b", "c"]) {
      sent.push(await messages.add(Buffer.from(`Subject: ${subject}\r\n\r\n${subject}`), ["a@example.test"]));
      await new Promise((resolve) => setTimeout(resolve, 2)); // ids sort by the millisecond
    }
    expect(messages.list().map(({ subject }) => subject)).toEqual(["c", "b"]);
    expect(await messages.source(sent[0]?.id ?? "")).toBeUndefined();
    expect((await openMessages(small, 2)).list()).toHaveLength(2);
  });

  it("renders pages that are valid HTML, with everything escaped and links that work", async () => {
    const [message] = await list();
    const validator = new HtmlValidate({ extends: ["html-validate:standard"] });
    for (const path of ["/", `/messages/${message?.id}`, "/messages/none", "/?page=7"]) {
      const response = await fetch(origin + path);
      const report = await validator.validateString(await response.text());
      expect(report.results.flatMap((result) => result.messages.map((m) => `${path}: ${m.message}`))).toEqual(
        [],
      );
      expect(response.headers.get("content-security-policy")).not.toContain("script-src");
    }
    const page = await (await fetch(`${origin}/messages/${message?.id}`)).text();
    expect(page).toContain("Confirmação &lt;b&gt;");
    expect(page).toContain('<a href="https://console.test/verify-email/abc?x=1&amp;y=2">');
  });

  it("lets a mail's HTML run nothing and fetch nothing", async () => {
    const [message] = await list();
    const response = await fetch(`${origin}/messages/${message?.id}/html`);
    expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox allow-top/);
    expect(await response.text()).toContain('<head><base target="_top">');
  });

  it("answers 404 for what is not there, and refuses foreign host names", async () => {
    expect((await fetch(`${origin}/api/messages/none`)).status).toBe(404);
    expect((await fetch(`${origin}/messages/none/source`)).status).toBe(404);
    const { get } = await import("node:http");
    const status = await new Promise((resolve) => {
      get(`${origin}/api/messages`, { headers: { host: "evil.example" } }, (response) => {
        resolve(response.statusCode);
        response.resume();
      });
    });
    expect(status).toBe(403);
  });
});
