import { randomBytes, randomUUID } from "node:crypto";
import http from "node:http";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { timed } from "../figures.ts";
import type { Engine } from "./engines.ts";

export const BUCKET = "bench";

/** One row of the benchmark. */
export interface Load {
  method: "PUT" | "GET";
  sizeBytes: number;
  /** Requests at once. */
  concurrency: number;
  /** Requests of one round. */
  requests: number;
}

export interface Round {
  megabytesPerSecond: number;
  requestsPerSecond: number;
  /** Milliseconds of each request, from its first byte to the answer's last. */
  milliseconds: number[];
}

/** Presigned before it is timed, and the connections kept: what is measured is the engine, not the client. */
export async function prepareLoad({ s3 }: Engine, load: Load): Promise<() => Promise<Round>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: load.concurrency });
  const body = randomBytes(load.sizeBytes);
  const keys = Array.from({ length: load.requests }, () => randomUUID());
  const urls = await Promise.all(
    keys.map((Key) => {
      const input = { Bucket: BUCKET, Key };
      const command = load.method === "PUT" ? new PutObjectCommand(input) : new GetObjectCommand(input);
      return getSignedUrl(s3, command, { expiresIn: 3600 });
    }),
  );
  if (load.method === "GET") {
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body }));
  }

  return async () => {
    const milliseconds: number[] = [];
    const queue = urls.values();
    const work = async () => {
      for (const url of queue) milliseconds.push(await timed(() => send(agent, load.method, url, body)));
    };
    const seconds = (await timed(() => Promise.all(Array.from({ length: load.concurrency }, work)))) / 1000;
    return {
      megabytesPerSecond: (load.requests * load.sizeBytes) / 1e6 / seconds,
      requestsPerSecond: load.requests / seconds,
      milliseconds,
    };
  };
}

function send(agent: http.Agent, method: Load["method"], url: string, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = method === "PUT" ? { "content-length": body.length } : {};
    const request = http.request(url, { method, agent, headers }, (response) => {
      let received = 0;
      response.on("data", (piece: Buffer) => {
        received += piece.length;
      });
      response.on("end", () => {
        if (response.statusCode !== 200) reject(new Error(`${method} was answered ${response.statusCode}`));
        else if (method === "GET" && received !== body.length) reject(new Error("GET was cut short"));
        else resolve();
      });
    });
    request.on("error", reject);
    request.end(method === "PUT" ? body : undefined);
  });
}
