import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequestHandler } from "@react-router/express";
import compression from "compression";
import express, { type NextFunction, type Request, type Response } from "express";
import expressStaticGzip from "express-static-gzip";
import helmet from "helmet";
import type { RouterContextProvider, ServerBuild } from "react-router";
import type { IncomingRequest, RequestInfo } from "#app/http/context.ts";
import { env } from "#app/ports/env.server.ts";
import { log } from "#app/ports/logger.server.ts";

/** What app/entry.server.tsx offers to this file. */
interface ServerEntry {
  beginRequest(request: IncomingRequest): RouterContextProvider;
}

const productionBuild = new URL("./build/server/index.js", import.meta.url).href;
const isDevelopment = env.NODE_ENV === "development";
const isHttps = env.PUBLIC_URL.startsWith("https:");
const app = express();
app.disable("x-powered-by");
app.set("etag", false);
app.set("trust proxy", env.TRUST_PROXY);

app.use(
  describeRequest,
  logRequest,
  securityHeaders,
  refuseUnreadable,
  compression({ filter: isCompressible }),
);

const server = createServer(app);
const vite = isDevelopment ? await startVite() : undefined;
if (vite) {
  app.use(vite.middlewares);
} else {
  // Scripts and style sheets lie there compressed (vite.config.ts); their names change with their content.
  const forever = { immutable: true, maxAge: "1y", fallthrough: false };
  const compressed = { enableBrotli: true, orderPreference: ["br", "gzip"], index: false };
  app.use("/assets", expressStaticGzip("build/client/assets", { ...compressed, serveStatic: forever }));
  app.use(express.static("build/client", { maxAge: "1h" }));
}

const loadBuild = vite
  ? () => vite.ssrLoadModule("virtual:react-router/server-build")
  : () => import(productionBuild);
const build = async () => (await loadBuild()) as ServerBuild & { entry: { module: ServerEntry } };
await build();

app.use(
  createRequestHandler({
    build,
    getLoadContext: async (_request, { locals }) => {
      const { entry } = await build();
      return entry.module.beginRequest(locals as IncomingRequest);
    },
  }),
);
app.use(answerFailure);

server.listen(env.PORT, env.HOST, () => {
  log.info({ port: (server.address() as AddressInfo).port, publicUrl: env.PUBLIC_URL }, "web ready");
});
// A slow line may take its time: what ends a connection is silence, not duration.
server.requestTimeout = 0;
server.headersTimeout = 15_000;
server.keepAliveTimeout = 65_000;
server.setTimeout(120_000);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), 5_000).unref();
  });
}

/** The request's id comes from nobody else: a client's own could be made to collide in the logs. */
function describeRequest(request: Request, response: Response, next: NextFunction): void {
  const info: RequestInfo = {
    id: randomUUID(),
    address: request.ip ?? null,
    userAgent: request.get("User-Agent")?.slice(0, 400) ?? null,
  };
  response.locals.info = info;
  response.locals.nonce = randomBytes(16).toString("base64");
  response.set("X-Request-Id", info.id);
  next();
}

/** One line per answered request. The route's pattern stands in it, not the address: that may hold a token. */
function logRequest(request: Request, response: Response, next: NextFunction): void {
  const startedAt = performance.now();
  response.once("close", () => {
    const { id, actorId, accountId, route } = response.locals.info as RequestInfo;
    if (!route && response.statusCode < 400) return; // a file of ours
    log.info(
      {
        requestId: id,
        actor: actorId ?? null,
        account: accountId ?? null,
        method: request.method,
        route: route ?? null,
        status: response.writableFinished ? response.statusCode : 499,
        ms: Math.round(performance.now() - startedAt),
      },
      "request",
    );
  });
  next();
}

function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: mailPreview.test(request.path) ? mailPolicy : pagePolicy(response.locals.nonce as string),
    },
    // With `no-referrer` a browser posts `Origin: null`.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: isHttps ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    crossOriginEmbedderPolicy: false,
  })(request, response, next);
}

function pagePolicy(nonce: string) {
  return {
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
    frameAncestors: ["'none'"],
    // The buttons of sign-in providers post to us, and browsers hold the redirect that follows to this, too.
    formAction: ["'self'", ...env.SIGN_IN_PROVIDERS.flatMap(({ origins }) => origins)],
    imgSrc: ["'self'", "data:"],
    fontSrc: ["'self'"],
    manifestSrc: ["'self'"],
    // Only previews of mail let themselves be framed.
    frameSrc: ["'self'"],
    // Vite's hot reload adds style elements and a socket of its own.
    styleSrc: isDevelopment ? ["'self'", "'unsafe-inline'"] : ["'self'"],
    scriptSrc: [`'nonce-${nonce}'`, "'strict-dynamic'", "'self'"],
    // Browsers send the parts of a file straight to the storage, where its owner has let them (domain/uploads/direct).
    connectSrc: ["'self'", env.STORAGE_PUBLIC_ENDPOINT, ...(isDevelopment ? ["ws:"] : [])],
    ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
  };
}

const mailPreview = /^\/admin\/mail\/previews\/[\w-]+\/html$/;

/** A mail has styles of its own, as mail programs want them. It stands in a frame on our page and may do nothing. */
const mailPolicy = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'self'"],
  formAction: ["'none'"],
  styleSrc: ["'unsafe-inline'"],
  sandbox: [],
};

/** An object that is downloaded goes as it is: its length was announced, and a part of it counts its bytes. */
function isCompressible(request: Request, response: Response): boolean {
  return (
    response.getHeader("Content-Type") !== "application/octet-stream" && compression.filter(request, response)
  );
}

/** Methods that the web's own Request, which the routes are given, cannot be made with. */
const unknownMethods = new Set(["TRACE", "TRACK", "CONNECT"]);

/** What no Request can be made from would fail further in, as an error of ours. */
function refuseUnreadable(request: Request, response: Response, next: NextFunction): void {
  if (unknownMethods.has(request.method)) {
    response.status(405).type("text").send("405: this method is not served\n");
  } else if (!isReadable(request)) {
    response.status(400).type("text").send("400: the address cannot be read\n");
  } else next();
}

function isReadable({ originalUrl, headers }: Request): boolean {
  try {
    decodeURIComponent(originalUrl.replaceAll("+", " "));
    return headers.host === undefined || URL.canParse(`http://${headers.host}`);
  } catch {
    return false;
  }
}

/** What React Router could not turn into a page, such as a method that it does not know. */
function answerFailure(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  const status = statusOf(error);
  if (status >= 500)
    log.error({ err: error, requestId: (response.locals.info as RequestInfo).id }, "request failed");
  if (response.headersSent) next(error);
  else response.status(status).type("text").send(`${status}\n`);
}

function statusOf(error: unknown): number {
  const status =
    typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}

async function startVite() {
  const { createServer: createViteServer } = await import("vite");
  // Reload messages go over our own port: two copies side by side do not meet on Vite's.
  return createViteServer({ server: { middlewareMode: true, hmr: { server } } });
}
