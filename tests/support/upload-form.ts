import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WebServer } from "./web-server.ts";

// The form that sends files, as a browser sends it: by hand, so that a test can stop in the middle of it.

const boundary = "----balde-test";

export const formField = (name: string, value: string) =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
/** What stands before a file's content; a line break must follow that. */
export const fileHead = (name: string, type = "text/plain") =>
  `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
export const formFile = (name: string, content: string, type?: string) =>
  `${fileHead(name, type)}${content}\r\n`;
export const formEnd = `--${boundary}--\r\n`;

/** Begins to post a form with files. An empty header is not sent. */
export function openForm(
  web: WebServer,
  path: string,
  cookie: string,
  headers: Record<string, string> = {},
): ClientRequest {
  const all = {
    "Content-Type": `multipart/form-data; boundary=${boundary}`,
    Cookie: cookie,
    Origin: `http://localhost:${web.port}`,
    "Accept-Language": "en",
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  return httpRequest({
    host: "127.0.0.1",
    port: web.port,
    path,
    method: "POST",
    agent: false,
    headers: sent,
  });
}

export async function formAnswer(request: ClientRequest) {
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  return { status: response.statusCode, headers: response.headers, text };
}

/** Sends pieces no faster than they are taken, and ends the request after them. */
export async function sendAll(request: ClientRequest, pieces: Iterable<string | Buffer>): Promise<void> {
  await pipeline(Readable.from(pieces, { objectMode: true }), request);
}

/** The most that a process ever had in memory: VmHWM, proc_pid_status(5). */
export async function peakMemoryBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
