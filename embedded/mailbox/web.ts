import { fileURLToPath } from "node:url";
import express, { type Express, type Response } from "express";
import type { Messages } from "./messages.ts";
import { htmlPart, listPage, messagePage, notFoundPage } from "./pages.ts";

const stylesheet = fileURLToPath(new URL("./mailbox.css", import.meta.url));

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** For a mail's own HTML: its inline styles and images inside it, no script, nothing fetched from anywhere. */
const HTML_PART_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

/** The mailbox's pages, and the same as JSON under /api. Read-only: nothing here changes a message. */
export function createWeb(messages: Messages): Express {
  const web = express();
  web.disable("x-powered-by");

  web.use((request, response, next) => {
    response.set({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
    response.set({ "Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store" });
    // A web site that points its own name at 127.0.0.1 could otherwise read the mail through the browser.
    if (["localhost", "127.0.0.1", "[::1]"].includes(request.hostname)) return next();
    response.status(403).type("text").send("The mailbox answers only on localhost.\n");
  });

  web.get("/api/messages", (_request, response) => {
    response.json(messages.list());
  });
  web.get("/api/messages/:id", (request, response) => {
    const message = messages.find(request.params.id);
    if (message) response.json(message);
    else response.status(404).json({ error: "no such message" });
  });

  web.get("/", (request, response) => {
    const page = Number(request.query.page);
    response.send(listPage(messages.list(), Number.isInteger(page) && page > 0 ? page : 1));
  });
  web.get("/messages/:id", (request, response) => {
    const message = messages.find(request.params.id);
    if (message) response.send(messagePage(message));
    else notFound(response);
  });
  web.get("/messages/:id/html", (request, response) => {
    const message = messages.find(request.params.id);
    if (!message) return notFound(response);
    response.set("Content-Security-Policy", HTML_PART_POLICY).send(htmlPart(message));
  });
  web.get("/messages/:id/source", async (request, response) => {
    const source = await messages.source(request.params.id);
    if (source) response.type("text/plain").send(source);
    else notFound(response);
  });
  web.get("/mailbox.css", (_request, response) => response.sendFile(stylesheet));
  web.use((_request, response) => notFound(response));
  return web;
}

function notFound(response: Response): void {
  response.status(404).send(notFoundPage());
}
