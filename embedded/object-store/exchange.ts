import type { IncomingMessage, ServerResponse } from "node:http";
import type { ExpectedBody } from "./body.ts";
import { receiveBody } from "./body.ts";
import { S3Error } from "./errors.ts";
import type { Reply, RequestBody } from "./operation.ts";
import { xmlDocument } from "./xml.ts";

/** How much of a refused upload is still read, so that a client which sends first and listens later hears why. */
const DRAIN_LIMIT_BYTES = 16 * 1024 * 1024;

/** Bytes of bodies, as they went over the network. */
export type Traffic = { bytesReceived: number; bytesSent: number };

/** A request's body, as operations see it. */
export function createRequestBody(
  http: IncomingMessage,
  response: ServerResponse,
  expected: ExpectedBody,
  traffic: Traffic,
): RequestBody {
  // Ends the stream of a refused request without ending the connection, which the answer still has to take.
  const source = () => http.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

  const receive: RequestBody["receive"] = (write) => {
    if (expectsContinue(http)) response.writeContinue();
    return receiveBody(source(), expected, write, (count) => {
      traffic.bytesReceived += count;
    });
  };

  async function readAll(limitBytes: number): Promise<Buffer> {
    if ((expected.sizeBytes ?? 0) > limitBytes) throw new S3Error("EntityTooLarge");
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    await receive((piece) => {
      sizeBytes += piece.length;
      if (sizeBytes > limitBytes) throw new S3Error("EntityTooLarge");
      pieces.push(piece);
    });
    return Buffer.concat(pieces);
  }

  return {
    sizeBytes: expected.sizeBytes,
    checksumAlgorithm: expected.checksum?.algorithm,
    receive,
    readAll,
  };
}

const expectsContinue = (http: IncomingMessage) => http.headers.expect?.toLowerCase() === "100-continue";

/** The answer that an error makes, as S3 writes it. */
export function errorReply(error: S3Error, requestId: string, resource: string): Reply {
  if (error.status === 304) return { status: 304, headers: error.headers };
  const document = xmlDocument(
    "Error",
    { Code: error.code, Message: error.message, ...error.details, Resource: resource, RequestId: requestId },
    "",
  );
  return { status: error.status, headers: error.headers, body: document };
}

/** Sends an answer to its end and counts its body. A client that goes away meanwhile is no error. */
export async function sendReply(
  http: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  traffic: Traffic,
): Promise<void> {
  const headers: Record<string, string | number> = { ...reply.headers };
  drainWithin(http, DRAIN_LIMIT_BYTES);
  if (reply.body === undefined || typeof reply.body === "string" || Buffer.isBuffer(reply.body)) {
    const body =
      typeof reply.body === "string" ? Buffer.from(reply.body, "utf8") : (reply.body ?? Buffer.alloc(0));
    if (body.length > 0) headers["content-type"] ??= "application/xml";
    if (http.method !== "HEAD" && reply.status !== 204 && reply.status !== 304)
      headers["content-length"] ??= body.length;
    response.writeHead(reply.status, headers);
    response.end(http.method === "HEAD" ? undefined : body);
    if (http.method !== "HEAD") traffic.bytesSent += body.length;
    return;
  }
  try {
    response.writeHead(reply.status, headers);
    for await (const piece of reply.body) {
      if (!(await sendPiece(response, piece))) return;
      traffic.bytesSent += piece.length;
    }
    response.end();
  } finally {
    reply.body.destroy();
  }
}

/** Returns once a piece's memory is free again: whether the client is still there. */
function sendPiece(response: ServerResponse, piece: Buffer): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    // Where the connection breaks, not every write that waits is told.
    const onClose = () => resolve(false);
    response.once("close", onClose);
    response.write(piece, (error) => {
      response.off("close", onClose);
      resolve(!error);
    });
  });
}

/** Node reads what is left of a request's body by itself once the answer is out. This sets an end to that. */
function drainWithin(http: IncomingMessage, limitBytes: number): void {
  if (http.complete) return;
  let left = limitBytes;
  http.on("data", (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) http.destroy();
  });
  http.resume();
}
