import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTestDatabase, freePort, type TestDatabase } from "#tests/support/postgres.ts";
import { createTenant, newKeyPair, s3Client, signer } from "./testing.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase(inject("postgres"), { owner: "balde_s3" });
  directory = await mkdtemp(path.join(tmpdir(), "balde-object-store-"));
});

afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH, ...env } });
  return { child, ended: once(child, "exit") as Promise<[number | null]>, errors: text(child.stderr) };
}

test("a bad setting stops the start with its name", async () => {
  const { ended, errors } = start({ STORAGE_ADMIN_SECRET_KEY: "too-short" });
  expect(await ended).toEqual([1, null]);
  expect(await errors).toMatch(
    /^object-store: EMBEDDED_S3_DATABASE_URL: .*\nSTORAGE_ADMIN_ACCESS_KEY: .*\nSTORAGE_ADMIN_SECRET_KEY: /,
  );
});

test("SIGTERM lets a running upload finish, and refuses new ones", async () => {
  const adminKey = newKeyPair();
  const port = await freePort();
  const store = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", adminKey };
  const env = {
    EMBEDDED_S3_DATABASE_URL: database.urlFor("balde_s3"),
    EMBEDDED_S3_PORT: String(port),
    DATA_DIR: directory,
    STORAGE_ADMIN_ACCESS_KEY: adminKey.accessKeyId,
    STORAGE_ADMIN_SECRET_KEY: adminKey.secretAccessKey,
  };
  const first = start(env);
  await healthy(store.endpoint);
  const { key } = await createTenant(store);
  await s3Client(store, key).send(new CreateBucketCommand({ Bucket: "bucket" }));

  const { headers } = await signer(key, "us-east-1").sign({
    method: "PUT",
    protocol: "http:",
    hostname: "127.0.0.1",
    port,
    path: "/bucket/k",
    query: {},
    headers: {
      host: `127.0.0.1:${port}`,
      "content-length": "10",
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    },
  });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const socket = connect(port, "127.0.0.1");
  const answer = text(socket);
  socket.write(`PUT /bucket/k HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\nhello`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  first.child.kill("SIGTERM");
  // Nobody new gets in.
  const knock = () => fetch(store.endpoint).then(({ status }) => status, String);
  await expect.poll(knock).toContain("fetch failed");
  socket.write("world");
  expect(await first.ended).toEqual([0, null]);
  expect(await answer).toMatch(/^HTTP\/1.1 200 /);

  const second = start(env);
  await healthy(store.endpoint);
  const { Body } = await s3Client(store, key).send(new GetObjectCommand({ Bucket: "bucket", Key: "k" }));
  expect(await Body?.transformToString()).toBe("helloworld");
  second.child.kill("SIGINT");
  expect(await second.ended).toEqual([0, null]);
});

async function healthy(endpoint: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(`${endpoint}/-/healthy`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 10_000 },
    )
    .toBe(200);
}
