import type { Message } from "./messages.ts";

/** HTML that needs no more escaping. */
class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

const PAGE_SIZE = 50;

/** The list of messages, newest first. `page` counts from 1. */
export function listPage(messages: Message[], page: number): string {
  const shown = messages.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
  const pages = Math.max(1, Math.ceil(messages.length / PAGE_SIZE));
  const body =
    shown.length === 0
      ? html`<p class="empty">No messages yet. Whatever Balde mails on this machine arrives here.</p>`
      : html`
    <ol class="messages">
      ${shown.map(
        (message) => html`<li>
        <a href="/messages/${message.id}">${message.subject || "(no subject)"}</a>
        <span class="to">${message.to.join(", ")}</span>
        ${time(message.date)}
      </li>`,
      )}
    </ol>`;
  return document(
    "Mailbox",
    html`<h1>Mailbox</h1>
    <p><a href="/">Refresh</a></p>
    ${body}
    ${pages > 1 ? pagination(page, pages) : ""}`,
  );
}

/** One message: its headers, its text with the links made usable, its HTML part in a sandbox. */
export function messagePage(message: Message): string {
  const title = message.subject || "(no subject)";
  return document(
    title,
    html`<p><a href="/">All messages</a></p>
    <h1>${title}</h1>
    <dl>
      <div><dt>From</dt><dd>${message.from}</dd></div>
      <div><dt>To</dt><dd>${message.to.join(", ")}</dd></div>
      <div><dt>Received</dt><dd>${time(message.date)}</dd></div>
    </dl>
    ${message.text ? html`<h2>Text</h2>\n    <div class="text">${withLinks(message.text)}</div>` : ""}
    ${
      message.html
        ? html`<h2>HTML</h2>
    <iframe src="/messages/${message.id}/html" title="The message's HTML part" sandbox="allow-top-navigation-by-user-activation"></iframe>`
        : ""
    }
    <p><a href="/messages/${message.id}/source">Source of the message</a></p>`,
  );
}

export function notFoundPage(): string {
  return document(
    "Not found",
    html`<h1>Not found</h1>
    <p>There is no such message. <a href="/">All messages</a></p>`,
  );
}

/** The HTML part as it was sent, save that its links leave the frame. */
export function htmlPart(message: Message): string {
  const base = '<base target="_top">';
  return /<head[^>]*>/i.test(message.html)
    ? message.html.replace(/<head[^>]*>/i, (head) => head + base)
    : base + message.html;
}

function document(title: string, body: Html): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – Balde mailbox</title>
  <link rel="stylesheet" href="/mailbox.css">
  <link rel="icon" href="data:,">
</head>
<body>
  <main>
    ${body}
  </main>
</body>
</html>
`.source;
}

function pagination(page: number, pages: number): Html {
  return html`<nav aria-label="Pages">
      ${page > 1 ? html`<a href="/?page=${String(page - 1)}">Newer</a>` : ""}
      Page ${String(page)} of ${String(pages)}
      ${page < pages ? html`<a href="/?page=${String(page + 1)}">Older</a>` : ""}
    </nav>`;
}

function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}

function withLinks(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

type Part = string | Html | Html[];

/** Escapes everything that is put into it, unless it is HTML made by this function. */
function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  const rendered = parts.map((part) => {
    if (part instanceof Html) return part.source;
    return Array.isArray(part) ? part.map(({ source }) => source).join("") : escapeHtml(part);
  });
  return new Html(String.raw({ raw: literals }, ...rendered));
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}
