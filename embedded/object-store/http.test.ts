import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startObjectStore, type TestObjectStore } from "#tests/support/object-store.ts";
import { admin, createTenant, failure, type KeyPair, newKeyPair, s3Client, signer } from "./testing.ts";

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

test("100 Continue is sent once a request is authenticated, never before", async () => {
  const body = "0123456789";
  const stranger = await exchange(await put(newKeyPair(), body.length, { expect: "100-continue" }), body);
  expect(stranger).toMatch(/^HTTP\/1.1 403 .*InvalidAccessKeyId/s);
  const known = await exchange(await put(key, body.length, { expect: "100-continue" }), body);
  expect(known).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 /);
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
  const unsized = `${await put(key, null, { "transfer-encoding": "chunked" })}5\r\nhello\r\n0\r\n\r\n`;
  expect(await exchange(unsized, "")).toMatch(/ 411 .*MissingContentLength/s);
  const huge = await put(key, 6 * 2 ** 30, { expect: "100-continue" });
  expect(await exchange(huge, "")).toMatch(/ 400 .*EntityTooLarge/s);
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
): Promise<string> {
  const { hostname, port, host } = new URL(store.endpoint);
  const signed = await signer(pair, store.region).sign({
    method: "PUT",
    protocol: "http:",
    hostname,
    port: Number(port),
    path: "/bucket/k",
    query: {},
    headers: {
      host,
      ...(sizeBytes === null ? {} : { "content-length": String(sizeBytes) }),
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      ...headers,
    },
  });
  const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}`);
  return `PUT /bucket/k HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
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
