import { createHash, createHmac, randomBytes } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";

/** Support for this folder's tests: the administrator's calls and clients of tenants, against a running store. */

export type KeyPair = { accessKeyId: string; secretAccessKey: string };
export type RunningStore = { endpoint: string; region: string; adminKey: KeyPair };
export type Answer = { status: number; headers: Headers; text: string };

/** SHA-256 in the shape that @smithy/signature-v4 wants. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", toBuffer(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBuffer(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function toBuffer(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

export function signer(credentials: KeyPair, region: string, service = "s3"): SignatureV4 {
  return new SignatureV4({ credentials, region, service, sha256: Sha256, uriEscapePath: false });
}

/** Sends one signed request, as a client would that is not an SDK. */
export async function send(
  store: RunningStore,
  key: KeyPair,
  request: {
    method: string;
    path: string;
    query?: Record<string, string>;
    headers?: Record<string, string>;
    body?: string;
    service?: "s3" | "iam";
  },
): Promise<Answer> {
  const { host, hostname, port } = new URL(store.endpoint);
  const { method, path, query = {}, headers = {}, body = "", service = "s3" } = request;
  const signed = await signer(key, store.region, service).sign({
    method,
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    query,
    headers: { host, "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"), ...headers },
    body,
  });
  const queryString = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const response = await fetch(`${store.endpoint}${path}${queryString === "" ? "" : `?${queryString}`}`, {
    method,
    headers: signed.headers,
    body: method === "GET" || method === "HEAD" ? undefined : body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A call of the Admin Ops API by the administrator; its answer as JSON. */
export async function admin(
  store: RunningStore,
  method: string,
  path: string,
  query: Record<string, string> = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
): Promise<{ status: number; json: any }> {
  const answer = await send(store, store.adminKey, { method, path: `/admin${path}`, query });
  return { status: answer.status, json: answer.text === "" ? undefined : JSON.parse(answer.text) };
}

/** Action=PutUserPolicy and its like. */
export function iam(store: RunningStore, action: string, form: Record<string, string>): Promise<Answer> {
  return send(store, store.adminKey, {
    method: "POST",
    path: "/",
    service: "iam",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Action: action, ...form }).toString(),
  });
}

export function newKeyPair(): KeyPair {
  return {
    accessKeyId: `TEST${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString("hex"),
  };
}

/** Makes a user with one key. @param uid `tenant$name` */
export async function createUser(
  store: RunningStore,
  uid: string,
  more: Record<string, string> = {},
): Promise<KeyPair> {
  const key = newKeyPair();
  const { status, json } = await admin(store, "PUT", "/user", {
    uid,
    "display-name": uid,
    "access-key": key.accessKeyId,
    "secret-key": key.secretAccessKey,
    ...more,
  });
  if (status !== 200) throw new Error(`createUser ${uid}: ${status} ${JSON.stringify(json)}`);
  return key;
}

/** A tenant of its own with its owner `…$owner`. */
export async function createTenant(
  store: RunningStore,
): Promise<{ tenant: string; uid: string; key: KeyPair }> {
  const tenant = `t${randomBytes(6).toString("hex")}`;
  const uid = `${tenant}$owner`;
  return { tenant, uid, key: await createUser(store, uid) };
}

export async function putPolicy(store: RunningStore, uid: string, statements: unknown): Promise<Answer> {
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return iam(store, "PutUserPolicy", { UserName: uid, PolicyName: "p", PolicyDocument: document });
}

/** A client at its default settings, but for the address and path style. */
export function s3Client(
  store: RunningStore,
  credentials: KeyPair,
  more: { maxAttempts?: number } = {},
): S3Client {
  const { endpoint, region } = store;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, ...more });
}

/** The name and status of the error that a call must end with. */
export async function failure(call: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  const error = await call.then(
    () => ({ name: "no error", $metadata: undefined }),
    (thrown: { name: string; $metadata?: { httpStatusCode?: number } }) => thrown,
  );
  return { code: error.name, status: error.$metadata?.httpStatusCode };
}
