import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import {
  admin,
  createTenant,
  createUser,
  failure,
  type KeyPair,
  newKeyPair,
  s3Client,
  signer,
} from "./testing.ts";

// How requests behave on the connection: what a client sees that waits before it sends, or that is refused halfway.

let store: TestObjectStore;
let uid: string;
let key: KeyPair;

beforeAll(async () => {
  store = await startObjectStore(inject("postgres"));
  ({ uid, key } = await createTenant(store));
  await s3Client(store, key).send(new CreateBucketCommand({ Bucket: "bucket" }));
});

afterAll(() => store?.stop());

test("100 Continue is sent once a request is authenticated and allowed, never before", async () => {
  const body = "0123456789";
  const expectation = { expect: "100-continue" };
  const send = async (pair: KeyPair, path?: string) =>
    exchange(await put(pair, body.length, expectation, path), body);
  expect(await send(key)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);

  expect(await send(newKeyPair())).toMatch(/^HTTP\/1.1 403 .*InvalidAccessKeyId/s);
  const forged = { ...key, secretAccessKey: "guess" };
  expect(await send(forged)).toMatch(/^HTTP\/1.1 403 .*SignatureDoesNotMatch/s);
  const anonymous = `PUT /bucket/k HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n`;
  expect(await exchange(anonymous, body)).toMatch(/^HTTP\/1.1 403 .*AccessDenied/s);
  expect(await send(key, "/no-such-bucket/k")).toMatch(/^HTTP\/1.1 404 .*NoSuchBucket/s);
  const user = await createUser(store, `${uid.split("$")[0]}$without-policy`);
  expect(await send(user)).toMatch(/^HTTP\/1.1 403 .*AccessDenied/s);
});

test("a refused upload hears why, even while it sends", async () => {
  await admin(store, "PUT", "/user", {
    quota: "",
    "quota-type": "user",
    uid,
    enabled: "true",
    "max-size-kb": "10",
  });
  const s3 = s3Client(store, key, { maxAttempts: 1 });
  for (const sizeBytes of [100_000, 10_000_000, 40_000_000]) {
    const put = new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: randomBytes(sizeBytes) });
    expect(await failure(s3.send(put))).toEqual({ code: "QuotaExceeded", status: 403 });
  }
  await admin(store, "PUT", "/user", { quota: "", "quota-type": "user", uid, enabled: "false" });
});

test("a connection serves on after a refusal", async () => {
  const refused = await put(newKeyPair(), 5);
  const accepted = await put(key, 5);
  const answers = await exchange(`${refused}hello${accepted}hello`, "");
  expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(["HTTP/1.1 403", "HTTP/1.1 200"]);
});

test("lengths and hashes that do not fit are refused", async () => {
  const hash = "0".repeat(64);
  expect(await exchange(`${await put(key, 5, { "x-amz-content-sha256": hash })}hello`, "")).toContain(
    "<Code>XAmzContentSHA256Mismatch</Code>",
  );
  expect(await exchange(await put(key, null), "")).toMatch(/ 411 .*MissingContentLength/s);
  const huge = await put(key, 6 * 2 ** 30, { expect: "100-continue" });
  expect(await exchange(huge, "")).toMatch(/ 400 .*EntityTooLarge/s);
});

test("a body in chunks of HTTP's own is counted when it ends, against the quota too", async () => {
  const chunked = async (body: string) =>
    exchange(
      `${await put(key, null, { "transfer-encoding": "chunked" })}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
      "",
    );
  expect(await chunked("hello")).toMatch(/ 200 /);
  const quota = { quota: "", "quota-type": "user", uid };
  await admin(store, "PUT", "/user", { ...quota, enabled: "true", "max-size-kb": "100" });
  expect(await chunked("x".repeat(200_000))).toMatch(/ 403 .*QuotaExceeded/s);
  expect(await chunked("x".repeat(90_000))).toMatch(/ 200 /);
  await admin(store, "PUT", "/user", { ...quota, enabled: "false" });
});

test("an expectation that nobody knows is ignored", async () => {
  expect(await exchange(`${await put(key, 5, { expect: "200-ok" })}hello`, "")).toMatch(/^HTTP\/1.1 200 /);
});

test("addresses that name nothing are refused", async () => {
  for (const target of ["//bucket/k", "http://elsewhere/bucket", "*"]) {
    expect(await exchange(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, "")).toMatch(/ 400 .*InvalidURI/s);
  }
});

test("a presigned URL cannot smuggle in what a header may not hold", async () => {
  const { hostname, port, host } = new URL(store.endpoint);
  for (const query of [{ "x-amz-meta-a": "x\ny" }, { "x-amz-meta-é": "x" }] as Record<string, string>[]) {
    const { query: signed = {} } = await signer(key, store.region).presign({
      method: "PUT",
      protocol: "http:",
      hostname,
      port: Number(port),
      path: "/bucket/k",
      query,
      headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    });
    const parameters = Object.entries(signed).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    );
    const answer = await fetch(`${store.endpoint}/bucket/k?${parameters.join("&")}`, {
      method: "PUT",
      body: "x",
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("InvalidArgument")]);
  }
});

test("the health check asks the database", async () => {
  const answer = await fetch(`${store.endpoint}/-/healthy`);
  expect([answer.status, await answer.text()]).toEqual([200, "ok\n"]);
});

/** The head of a signed PUT. */
async function put(
  pair: KeyPair,
  sizeBytes: number | null,
  headers: Record<string, string> = {},
  path = "/bucket/k",
): Promise<string> {
  const { hostname, port, host } = new URL(store.endpoint);
  const signed = await signer(pair, store.region).sign({
    method: "PUT",
    protocol: "http:",
    hostname,
    port: Number(port),
    path,
    query: {},
    headers: {
      host,
      ...(sizeBytes === null ? {} : { "content-length": String(sizeBytes) }),
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      ...headers,
    },
  });
  const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`);
  return `PUT ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** Sends bytes, and `later` once something was answered; gives back all that was answered within a moment. */
async function exchange(head: string, later: string): Promise<string> {
  const { hostname, port } = new URL(store.endpoint);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (data) => {
    if (answer === "" && data.toString().startsWith("HTTP/1.1 100")) socket.write(later);
    answer += data;
  });
  socket.on("error", () => {});
  socket.write(head);
  for (let quiet = 0, seen = 0; quiet < 15; quiet++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (answer.length > seen || answer === "") quiet = 0;
    seen = answer.length;
  }
  socket.destroy();
  return answer;
}
