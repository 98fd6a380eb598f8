import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { webArguments } from "../../scripts/launcher/web-arguments.ts";
import { freePort } from "./postgres.ts";

const startPatienceMs = 20_000;

/** The web process, as the launcher starts it, on the test file's database. */
export interface WebServer {
  port: number;
  /** Its process id. */
  pid: number;
  /** Its log so far, one parsed line for each entry. */
  logged(): Record<string, unknown>[];
  /** All that it has written. */
  output(): string;
  ask(path: string, options?: WebRequest): Promise<WebAnswer>;
  /** Ends it with SIGTERM; answers its exit code. */
  stop(): Promise<number | null>;
}

export interface WebRequest {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

export interface WebAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Starts server.ts; `environment` goes over the test's own. */
export async function startWebServer(environment: Record<string, string> = {}): Promise<WebServer> {
  const port = await freePort();
  const child = spawn(process.execPath, webArguments, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "trace",
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      ...environment,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await untilReady(child, () => output);
  return {
    port,
    pid: child.pid ?? 0,
    output: () => output,
    logged: () =>
      output
        .split("\n")
        .filter((line) => line.startsWith("{") && line.endsWith("}"))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    ask: (path, options = {}) => ask(port, path, options),
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      return ((await ended) as [number | null])[0];
    },
  };
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = performance.now() + startPatienceMs;
  while (performance.now() < deadline && child.exitCode === null) {
    if (output().includes('"msg":"web ready"')) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill("SIGKILL");
  throw new Error(`The web server did not start:\n${output()}`);
}

/** One request as written: no header is added but Host, no redirect followed, nothing decompressed. */
function ask(
  port: number,
  path: string,
  { method = "GET", headers = {}, body }: WebRequest,
): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, path, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
