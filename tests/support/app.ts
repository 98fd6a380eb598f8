import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequestHandler, type RouterContextProvider, type ServerBuild } from "react-router";
import type { IncomingRequest } from "#app/http/context.ts";

/** Where the installation is to its users; setup-database.ts sets the same as PUBLIC_URL. */
export const publicUrl = "http://localhost:3000";

interface Build extends ServerBuild {
  entry: ServerBuild["entry"] & {
    module: { beginRequest(request: IncomingRequest): RouterContextProvider };
  };
}

/** What `npm run build` made: scripts/test.ts brings it up to date before the tests run. */
export const build = (await import(
  /* @vite-ignore */ pathToFileURL(resolve("build/server/index.js")).href
)) as Build;

const handle = createRequestHandler(build, "production");

/** An answer that was read to its end. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The path that it redirects to, without our own origin; null where it does not. */
  location: string | null;
  /** The body as JSON; throws where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into it and says what it expects.
  json(): any;
}

/** Gives a request to the built application, as server.ts does, and reads the answer to its end. */
async function ask(request: Request, address: string): Promise<Answer> {
  const context = build.entry.module.beginRequest({
    info: { id: randomUUID(), address, userAgent: request.headers.get("User-Agent") },
    nonce: "nonce-of-the-test",
  });
  const response = await handle(request, context);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    location: response.headers.get("Location"),
    json: () => JSON.parse(text),
  };
}

type Fields = Record<string, string> | [string, string][];

/** A browser, as far as the server can tell: keeps cookies, and says where its requests come from. */
export interface Visitor {
  cookies: Map<string, string>;
  /** Anything at all; `headers` are added to the cookies. */
  send(path: string, init?: RequestInit): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a form from a page of ours. */
  post(path: string, fields?: Fields, headers?: Record<string, string>): Promise<Answer>;
  /** Sends JSON from a page of ours; what is no text is turned into JSON. */
  json(
    path: string,
    body?: unknown,
    init?: { method?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
}

/**
 * Somebody new, or the bearer of a cookie (`signIn` of scenario.ts makes one). Unless it is said where they are, in a
 * network of their own: what others try does not count against them.
 */
export function visitor(cookie?: string, address = newAddress()): Visitor {
  const cookies = new Map<string, string>();
  if (cookie) keepCookie(cookies, cookie);

  async function send(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0)
      headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await ask(new Request(publicUrl + path, { ...init, headers }), address);
    for (const line of answer.headers.getSetCookie()) keepCookie(cookies, line);
    return answer;
  }

  return {
    cookies,
    send,
    get: (path, headers = {}) => send(path, { headers: { Accept: "text/html", ...headers } }),
    post: (path, fields = {}, headers = {}) =>
      send(path, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Origin: publicUrl, ...headers },
      }),
    json: (path, body = {}, { method = "POST", headers = {} } = {}) =>
      send(path, {
        method,
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { Origin: publicUrl, "Content-Type": "application/json", ...headers },
      }),
  };
}

let networks = 0;

/** An address in a network (/24) that no other has. */
export function newAddress(): string {
  networks += 1;
  return `10.${(networks >> 8) & 255}.${networks & 255}.7`;
}

function keepCookie(cookies: Map<string, string>, setCookie: string): void {
  const [pair = "", ...attributes] = setCookie.split(";");
  const at = pair.indexOf("=");
  if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}

/** The token that the forms of a page carry; empty where it has none. */
export function formTokenOf(answer: Answer): string {
  return /name="formToken" value="([^"]+)"/.exec(answer.text)?.[1] ?? "";
}
