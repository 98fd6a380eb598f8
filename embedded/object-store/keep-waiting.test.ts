import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { S3Error } from "./errors.ts";
import { errorReply } from "./exchange.ts";
import { keepWaiting } from "./keep-waiting.ts";
import type { Reply } from "./operation.ts";
import { parseXml, xmlDocument } from "./xml.ts";

const done: Reply = {
  status: 200,
  headers: { "x-amz-version-id": "v" },
  body: xmlDocument("Result", { ETag: "e" }),
};
const refuse = (error: unknown) => errorReply(error as S3Error, "id", "/b/k");
const after = async (ms: number, outcome: Reply | S3Error): Promise<Reply> => {
  await sleep(ms);
  if (outcome instanceof S3Error) throw outcome;
  return outcome;
};

test("an answer that comes soon is the answer", async () => {
  expect(await keepWaiting(after(1, done), refuse, 500)).toBe(done);
  const refused = keepWaiting(after(1, new S3Error("NoSuchKey")), refuse, 500);
  await expect(refused).rejects.toMatchObject({ code: "NoSuchKey" });
});

test("one that takes long is spaces first, then the document", async () => {
  const { status, body } = await keepWaiting(after(120, done), refuse, 20);
  expect(status).toBe(200);
  const document = await text(body as Readable);
  expect(document).toMatch(/^<\?xml [^>]+>\n {2,}<Result/);
  expect(parseXml(Buffer.from(document), "Result")).toEqual({ ETag: "e" });
});

test("an error after a long time is a document too", async () => {
  const { status, body } = await keepWaiting(after(60, new S3Error("NoSuchUpload")), refuse, 20);
  expect(status).toBe(200);
  expect(parseXml(Buffer.from(await text(body as Readable)), "Error")).toMatchObject({
    Code: "NoSuchUpload",
  });
});

test("the work goes on when the client goes away", async () => {
  const work = after(60, done);
  const { body } = await keepWaiting(work, refuse, 20);
  (body as Readable).destroy();
  expect(await work).toBe(done);
});
