import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AccessKeyPair } from "../driver.ts";
import { type Call, sendInTime } from "./call.ts";
import { fromAnswer, fromNetwork } from "./engine-errors.ts";

/** Where the engine is and how the installation signs its administrative requests. */
export interface EngineConfig {
  /** Base address of S3, Admin Ops and IAM alike, as this process reaches it: `http://127.0.0.1:9000`. */
  endpoint: string;
  /** The region that requests are signed for. */
  region: string;
  /** Of a user with the capabilities `users`, `buckets`, `usage` and `user-policy`. */
  adminKey: AccessKeyPair;
}

interface AdminRequest {
  method: "GET" | "PUT" | "POST" | "DELETE";
  path: string;
  /** A parameter with an empty value is a subresource. */
  query?: Record<string, string>;
  form?: Record<string, string>;
  /** The service named in the signature. */
  service: "s3" | "iam";
}

/**
 * Sends one administrative request and returns the text of its answer.
 *
 * Queries of Admin Ops hold secret keys (the gateway takes no body), so neither the address nor the answer may
 * reach a log or an error, ours or that of a proxy in between.
 *
 * @throws StorageError for every answer but 2xx, and for none.
 */
export async function sendAdminRequest(
  config: EngineConfig,
  call: Call,
  request: AdminRequest,
): Promise<string> {
  return sendInTime(call, request.method === "GET" ? "read" : "change", async (signal) => {
    const { url, init } = await sign(config, request);
    let response: Response;
    let text: string;
    try {
      // A redirect would carry the signed query to another host.
      response = await fetch(url, { ...init, signal, redirect: "manual" });
      text = await response.text();
    } catch (error) {
      throw fromNetwork(call.operation, error);
    }
    if (response.ok) return text;
    throw fromAnswer(call.operation, {
      status: response.status,
      engineCode: errorCodeIn(text),
      requestId: response.headers.get("x-amz-request-id") ?? undefined,
    });
  });
}

async function sign(
  config: EngineConfig,
  request: AdminRequest,
): Promise<{ url: string; init: RequestInit }> {
  const endpoint = new URL(config.endpoint);
  const body = request.form && encodeQuery(request.form);
  const query = request.query ?? {};

  const signer = new SignatureV4({
    credentials: config.adminKey,
    region: config.region,
    service: request.service,
    sha256: NodeSha256,
    uriEscapePath: false,
  });
  const signed = await signer.sign({
    method: request.method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: request.path,
    query,
    headers: {
      host: endpoint.host,
      ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    },
    body,
  });

  // fetch derives Host from the address itself, to the same value.
  const { host: _, ...headers } = signed.headers;
  const search = encodeQuery(query);
  const url = `${endpoint.origin}${request.path}${search ? `?${search}` : ""}`;
  return { url, init: { method: request.method, headers, ...(body === undefined ? {} : { body }) } };
}

/** RFC 3986, as SigV4 wants it: `$` of a tenant's uid becomes `%24`, and `!'()*` are escaped too. */
function encodeQuery(query: Record<string, string>): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return Object.entries(query)
    .map(([name, value]) => (value === "" ? encode(name) : `${encode(name)}=${encode(value)}`))
    .join("&");
}

// Admin Ops answers errors in JSON, IAM in XML.
function errorCodeIn(text: string): string | undefined {
  return /"Code"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)<\/Code>/.exec(text)?.[1];
}

/** SHA-256 and HMAC-SHA-256 in the shape that `SignatureV4` asks for. */
class NodeSha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", toBytes(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBytes(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error("not used by SignatureV4");
  }
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
