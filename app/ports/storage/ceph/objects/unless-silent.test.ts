import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { unlessSilent } from "./unless-silent.ts";

const endOf = (stream: Readable) => stream.toArray();

test("passes a content on, whole", async () => {
  const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(70_000, index));
  expect(Buffer.concat(await endOf(unlessSilent("getObject", Readable.from(chunks))))).toEqual(
    Buffer.concat(chunks),
  );
});

test("ends in an error when nothing comes that is wanted", async () => {
  const content = new PassThrough();
  content.write("a");
  const body = unlessSilent("getObject", content, 50);
  await expect(endOf(body)).rejects.toMatchObject({
    name: "StorageError",
    code: "unavailable",
    operation: "getObject",
    engineCode: "DeadlineExceeded",
  });
  expect(content.destroyed).toBe(true);
});

test("waits for a reader who is slow, for as long as it takes, and holds little meanwhile", async () => {
  const content = new PassThrough();
  const body = unlessSilent("getObject", content, 50);
  const writing = (async () => {
    for (let i = 0; i < 20; i += 1) if (!content.write(Buffer.alloc(100_000))) await once(content, "drain");
    content.end();
  })();
  body.read();
  await setTimeout(150);
  expect(body.destroyed).toBe(false);
  expect(body.readableLength).toBeLessThan(300_000);
  expect(Buffer.concat(await endOf(body))).toHaveLength(2_000_000);
  await writing;
});

test("a connection that breaks is the engine's, and one that is not wanted is ended", async () => {
  const broken = new PassThrough();
  const body = unlessSilent("getObject", broken);
  broken.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
  await expect(endOf(body)).rejects.toMatchObject({ code: "unavailable", engineCode: "ECONNRESET" });
  const unwanted = new PassThrough();
  unlessSilent("getObject", unwanted).destroy();
  expect(unwanted.destroyed).toBe(true);
});
