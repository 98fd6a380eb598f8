import http, { type IncomingMessage, type Server, type ServerResponse } from "node:http";
import {
  type Bucket,
  type Caller,
  type Credentials,
  checkExpectedOwner,
  findBucket,
  findCredentials,
  isAllowed,
} from "./access.ts";
import { handleAdmin, handleIam, isAdminRequest, isIamRequest, jsonErrorReply } from "./admin/router.ts";
import { expectBody } from "./body.ts";
import { type Claim, readClaim } from "./claim.ts";
import { answerPreflight, corsHeaders } from "./cors.ts";
import { isUnavailable } from "./database.ts";
import { noSuchBucket, S3Error } from "./errors.ts";
import { createRequestBody, errorReply, sendReply, type Traffic } from "./exchange.ts";
import { keepWaiting } from "./keep-waiting.ts";
import { type BucketContext, type Context, type Reply, refuseUnsupported } from "./operation.ts";
import { readRequest, requestId, type S3Request } from "./request.ts";
import { findOperation } from "./routes.ts";
import { verifyClaim } from "./sigv4.ts";
import type { Store } from "./store.ts";

/** How long a connection may be silent. An upload may last for hours as long as it moves. */
const IDLE_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 20_000;

/** What becomes known of a request while it is answered, for the log and for usage. */
type Trace = {
  request?: S3Request;
  caller?: Caller;
  bucket?: Bucket | null;
  operation?: string;
  category?: string;
  errorCode?: string;
};

/** The HTTP server, not yet listening. */
export function createServer(store: Store): Server {
  const server = http.createServer({
    requestTimeout: 0,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    maxHeaderSize: 64 * 1024,
  });
  server.setTimeout(IDLE_TIMEOUT_MS);
  const listener = (incoming: IncomingMessage, response: ServerResponse) =>
    void serve(store, incoming, response);
  server.on("request", listener);
  // Answered like any other: `100 Continue` is sent once the request is authenticated and its body is wanted.
  server.on("checkContinue", listener);
  // Any other expectation is ignored, as Amazon does. Node would answer 417 by itself.
  server.on("checkExpectation", listener);
  return server;
}

/** One request, from its headers to its log line. Never rejects. */
async function serve(store: Store, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  const traffic: Traffic = { bytesReceived: 0, bytesSent: 0 };
  const trace: Trace = {};
  const id = requestId();
  response.setHeader("x-amz-request-id", id);

  let reply: Reply;
  try {
    trace.request = readRequest(incoming, id);
    reply = await answer(store, trace.request, response, traffic, trace);
  } catch (error) {
    const refusal = asS3Error(store, error, id);
    trace.errorCode = refusal.code;
    const isAdmin = trace.request !== undefined && isAdminRequest(trace.request);
    reply = isAdmin ? jsonErrorReply(refusal, id) : errorReply(refusal, id, resourceOf(trace.request));
  }
  reply.headers = { ...reply.headers, ...(await findCorsHeaders(store, trace)) };
  await sendReply(incoming, response, reply, traffic).catch((error: unknown) => {
    store.logger.error({ requestId: id, err: error }, "answer failed");
    response.destroy();
  });

  recordUsage(store, trace, reply, traffic);
  store.logger.info(
    {
      requestId: id,
      method: incoming.method,
      operation: trace.operation,
      user: trace.caller?.uid,
      bucket: trace.request?.bucket || undefined,
      status: reply.status,
      error: trace.errorCode,
      ms: Math.round(performance.now() - startedAt),
      ...traffic,
    },
    "request",
  );
}

async function answer(
  store: Store,
  request: S3Request,
  response: ServerResponse,
  traffic: Traffic,
  trace: Trace,
): Promise<Reply> {
  if (request.rawPath === "/-/healthy") return checkHealth(store);
  if (request.method === "OPTIONS") return answerPreflight(store.database, request);
  const { claim, credentials } = await identify(store, request);
  // IAM requests, unlike S3's, need not name the hash of their body: it is read first.
  if (isIamRequest(request)) return handleIam(store, request, claim, credentials, trace);
  const { payloadHash, chunkSigning } = verifyClaim(request, claim, credentials.secretAccessKey);
  const { caller } = credentials;
  trace.caller = caller;
  if (credentials.suspended) throw new S3Error("UserSuspended");
  store.keyUse.note(claim.accessKeyId);
  if (isAdminRequest(request)) return handleAdmin(store, request, caller, trace);

  const operation = findOperation(request);
  trace.operation = operation.name;
  trace.category = operation.category;
  refuseUnsupported(operation, request);
  const body = createRequestBody(
    request.http,
    response,
    expectBody(request, payloadHash, chunkSigning, operation.checksumsObject),
    traffic,
  );
  const context: Context = { store, request, caller, body };
  if (operation.scope === "service") {
    const result = await operation.handle(context);
    if (request.bucket !== "") trace.bucket = await findBucket(store.database, caller.tenant, request.bucket);
    return result;
  }
  trace.bucket = credentials.bucket;
  const { action, versionAction = action } = operation;
  const needed = request.query.has("versionId") ? versionAction : action;
  const reply = operation.handle(authorizeOnBucket(context, trace.bucket, needed));
  if (!operation.slow) return reply;
  return keepWaiting(reply, (error) => {
    const refusal = asS3Error(store, error, request.id);
    trace.errorCode = refusal.code;
    return errorReply(refusal, request.id, resourceOf(request));
  });
}

/** Who the request says it is from, if there is such a key. Its signature is yet to be verified. */
async function identify(
  store: Store,
  request: S3Request,
): Promise<{ claim: Claim; credentials: Credentials }> {
  const claim = readClaim(request, store.region, Date.now());
  if (!claim) throw new S3Error("AccessDenied");
  const credentials = await findCredentials(store.database, claim.accessKeyId, request.bucket);
  if (!credentials) throw new S3Error("InvalidAccessKeyId");
  // There are no temporary credentials here that a token could belong to.
  if (request.headers.has("x-amz-security-token") || request.query.has("X-Amz-Security-Token")) {
    throw new S3Error("InvalidToken");
  }
  return { claim, credentials };
}

/** @throws S3Error NoSuchBucket, AccessDenied */
function authorizeOnBucket(context: Context, bucket: Bucket | null, action: string): BucketContext {
  const { request, caller } = context;
  if (!bucket) throw noSuchBucket(request.bucket);
  checkExpectedOwner(bucket, request.headers.get("x-amz-expected-bucket-owner"));
  if (action !== "" && !isAllowed(caller, bucket, action, request.key)) throw new S3Error("AccessDenied");
  return { ...context, bucket };
}

async function findCorsHeaders(
  store: Store,
  { request, bucket }: Trace,
): Promise<Record<string, string> | undefined> {
  if (!request) return undefined;
  return corsHeaders(store.database, request, bucket).catch((err: unknown) => {
    // The answer itself goes out all the same. It is an error, most likely, of the same cause.
    store.logger.warn({ requestId: request.id, err }, "CORS headers are missing");
    return undefined;
  });
}

async function checkHealth(store: Store): Promise<Reply> {
  await store.database.query("select 1");
  return { status: 200, headers: { "content-type": "text/plain" }, body: "ok\n" };
}

/** The refusal that an error makes. What nobody expected is logged here, and told to nobody else. */
function asS3Error(store: Store, error: unknown, id: string): S3Error {
  if (error instanceof S3Error) return error;
  store.logger.error({ requestId: id, err: error }, "request failed");
  if (isUnavailable(error)) return new S3Error("ServiceUnavailable");
  if (error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) {
    return new S3Error("ServiceUnavailable", "There is no space left to store the object.");
  }
  return new S3Error("InternalError");
}

function resourceOf(request: S3Request | undefined): string {
  if (!request) return "/";
  return request.key === "" ? `/${request.bucket}` : `/${request.bucket}/${request.key}`;
}

/** Counts a request of a known user. What failed before its signature was verified is charged to nobody. */
function recordUsage(
  store: Store,
  { request, caller, bucket, category }: Trace,
  reply: Reply,
  traffic: Traffic,
): void {
  if (!request || !caller || !category) return;
  const owner = bucket?.ownerUid ?? caller.uid;
  store.usage.record({
    owner,
    bucket: bucket?.name ?? (request.bucket === "" ? "" : "-"),
    payer: owner === caller.uid ? "" : caller.uid,
    category,
    successful: reply.status < 400,
    ...traffic,
  });
}
