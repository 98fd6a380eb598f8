import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ExpectedBody } from "./body.ts";
import { isCutOff, receiveBody } from "./body.ts";
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
  if (!(reply.body instanceof Readable)) {
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
  const stream = reply.body;
  response.writeHead(reply.status, headers);
  stream.on("data", (piece: Buffer) => {
    traffic.bytesSent += piece.length;
  });
  try {
    await pipeline(stream, response);
  } catch (error) {
    if (!isCutOff(error)) throw error;
  }
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
