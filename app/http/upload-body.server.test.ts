import { setTimeout as pause } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { carriesFiles, mostFiles, openUpload, type UploadBody } from "./upload-body.server.ts";

const boundary = "----balde";
const contentType = `multipart/form-data; boundary=${boundary}`;
const upload = "accounts/:account/buckets/:bucket/upload";
const MiB = 1024 * 1024;

function field(name: string, value: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

function fileHead(name: string, type = "text/plain"): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
}

const end = `--${boundary}--\r\n`;

type Piece = string | Uint8Array;

/** A request whose body comes in these pieces, each when the one before was taken; `taken` counts their bytes. */
function posted(pieces: Iterable<Piece>, { type = contentType, breaksOff = false, pauseMs = 0 } = {}) {
  const source = { taken: 0, isCancelled: false };
  const iterator = pieces[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // As from a network: never without a pause, in which timers have their turn.
        await (pauseMs > 0 ? pause(pauseMs) : new Promise(setImmediate));
        const { done, value } = iterator.next();
        if (!done) {
          const bytes = typeof value === "string" ? Buffer.from(value) : value;
          source.taken += bytes.length;
          controller.enqueue(bytes);
        } else if (breaksOff) controller.error(new Error("aborted"));
        else controller.close();
      },
      cancel() {
        source.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "Content-Type": type };
  // The type of Request leaves `duplex` out, which Node asks for.
  const init = { method: "POST", body, headers, duplex: "half" };
  const request = new Request("http://localhost/", init);
  return { request, source };
}

async function textsOf(body: UploadBody): Promise<[string, string, string][]> {
  const files: [string, string, string][] = [];
  for await (const { name, contentType: type, content } of body.files()) {
    const pieces: Buffer[] = [];
    for await (const piece of content) pieces.push(piece as Buffer);
    files.push([name, type, Buffer.concat(pieces).toString()]);
  }
  return files;
}

test("only forms with files, at addresses that take some, are streamed", () => {
  const { request } = posted([end]);
  expect(carriesFiles(request, upload)).toBe(true);
  expect(carriesFiles(request, "accounts/:account/buckets/new")).toBe(false);
  const plain = posted(["a=b"], { type: "application/x-www-form-urlencoded" });
  expect(carriesFiles(plain.request, upload)).toBe(false);
});

test("fields first, then the files one after the other, empty ones too", async () => {
  const text = [
    field("prefix", "férias/"),
    fileHead("a.txt"),
    "um",
    `\r\n${fileHead("vazio", "application/x-empty")}`,
    `\r\n${fileHead("é ✓.txt", "text/plain; charset=utf-8")}três\r\n${field("late", "1")}${end}`,
  ];
  const body = openUpload(posted(text).request);
  expect([...(await body.form())]).toEqual([["prefix", "férias/"]]);
  expect(await textsOf(body)).toEqual([
    ["a.txt", "text/plain", "um"],
    ["vazio", "application/x-empty", ""],
    ["é ✓.txt", "text/plain", "três"],
  ]);
  await body.discard();
});

test.each([1, 7, 4096])("however the body is cut: in pieces of %i bytes", async (size) => {
  const content = "\r\n--nearly the boundary\r\n".repeat(50);
  const whole = Buffer.from(`${field("a", "1")}${fileHead("f")}${content}\r\n${fileHead("g")}2\r\n${end}`);
  const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
    whole.subarray(i * size, (i + 1) * size),
  );
  const body = openUpload(posted(pieces).request);
  expect((await textsOf(body)).map(([name, , text]) => [name, text])).toEqual([
    ["f", content],
    ["g", "2"],
  ]);
});

test.each([
  ["as sent", "relatório 100%25.pdf", "relatório 100%25.pdf"],
  ["quotes, which browsers escape", "a%22b%22.txt", 'a"b".txt'],
  ["newlines, which they escape too", "a%0D%0Ab", "a\r\nb"],
  ["without folders", "férias/2026/foto.jpg", "foto.jpg"],
  ["without folders of the other kind", "C:\\fotos\\foto.jpg", "foto.jpg"],
])("names of files: %s", async (_, sent, name) => {
  const body = openUpload(posted([`${fileHead(sent)}x\r\n${end}`]).request);
  expect((await textsOf(body))[0]?.[0]).toBe(name);
});

test("an input without a file is none", async () => {
  const body = openUpload(posted([field("prefix", ""), `${fileHead("")}\r\n${end}`]).request);
  expect((await body.form()).get("prefix")).toBe("");
  expect(await textsOf(body)).toEqual([]);
});

test("a reader that takes its time holds the sender back, and nothing is read before it begins", async () => {
  function* big() {
    yield field("prefix", "");
    yield fileHead("big");
    for (let i = 0; i < 64; i++) yield new Uint8Array(MiB);
    yield `\r\n${end}`;
  }
  const { request, source } = posted(big());
  const body = openUpload(request);
  await pause(20);
  expect(source.taken).toBe(0);
  await body.form();
  const file = (await body.files().next()).value;
  await pause(50);
  // Here a piece is a mebibyte: one in each stream on the way.
  expect(source.taken).toBeLessThan(5 * MiB);
  let size = 0;
  for await (const piece of file?.content ?? []) size += (piece as Buffer).length;
  expect(size).toBe(64 * MiB);
  await body.discard();
});

test("what is left of a file that its reader gave up is skipped, and the next one comes", async () => {
  const pieces = [fileHead("a"), ...Array.from({ length: 20 }, () => new Uint8Array(MiB))];
  const body = openUpload(posted([...pieces, `\r\n${fileHead("b")}2\r\n${end}`]).request);
  const names: string[] = [];
  for await (const { name, content } of body.files()) {
    names.push(name);
    if (name === "a") content.destroy(new Error("no room"));
    else expect((await content.toArray()).join("")).toBe("2");
  }
  expect(names).toEqual(["a", "b"]);
  await body.discard();
});

test("of what nobody wants 64 MiB are read, then the connection is cut, a moment later", async () => {
  const of = (mebibytes: number) =>
    posted([fileHead("a"), ...Array.from({ length: mebibytes }, () => new Uint8Array(MiB)), `\r\n${end}`]);
  const small = of(60);
  await openUpload(small.request).discard();
  expect(small.source.taken).toBeGreaterThan(60 * MiB);
  function* endless() {
    yield fileHead("a");
    for (;;) {
      yield new Uint8Array(MiB);
    }
  }
  const large = posted(endless());
  await openUpload(large.request).discard();
  expect(large.source.taken).toBeLessThan(70 * MiB);
  expect(large.source.isCancelled).toBe(false);
  await vi.waitFor(() => expect(large.source.isCancelled).toBe(true), 5_000);
});

test.each([
  ["the client hangs up", { breaksOff: true }],
  ["the body ends too early", { breaksOff: false }],
])("a file is not whole when %s", async (_, options) => {
  const body = openUpload(posted([field("prefix", "a"), fileHead("f"), "half"], options).request);
  await expect(textsOf(body)).rejects.toMatchObject({ code: "unreadable-body" });
  await body.discard();
});

test("who asks for a file only after it broke off is told as well", async () => {
  const body = openUpload(posted([fileHead("f"), "half"], { breaksOff: true }).request);
  await body.form();
  await pause(20);
  await expect(textsOf(body)).rejects.toMatchObject({ code: "unreadable-body" });
});

test.each<[string, string[], string?]>([
  ["no boundary", ["x"], "multipart/form-data"],
  ["no form at all", ["x".repeat(1000)]],
  ["too many fields", [...Array.from({ length: 30 }, (_, i) => field(`f${i}`, "1")), end]],
  ["a field that is too long", [field("prefix", "x".repeat(20_000)), end]],
  ["a field that is no text", [field("prefix", "a\0b"), end]],
])("refused: %s", async (_, pieces, type = contentType) => {
  const read = async () => openUpload(posted(pieces, { type }).request).form();
  await expect(read()).rejects.toMatchObject({ code: "unreadable-body" });
});

test("more files than are taken are skipped, and said", async () => {
  function* many() {
    for (let i = 0; i < mostFiles + 3; i++) yield `${fileHead(`f${i}`)}x\r\n`;
    yield end;
  }
  const body = openUpload(posted(many()).request);
  expect(await textsOf(body)).toHaveLength(mostFiles);
  expect(body.hasMore()).toBe(true);
});

test("who sends a byte now and then, to keep a place, is given up; who takes long and gets on is not", async () => {
  function* trickle(bytes: number) {
    yield fileHead("slow.bin");
    for (let sent = 0; sent < 30; sent += 1) yield Buffer.alloc(bytes);
    yield `\r\n${end}`;
  }
  const slowest = { waitMs: 5, bytes: 1_000 };
  const waiting = posted(trickle(1), { pauseMs: 2 });
  await expect(textsOf(openUpload(waiting.request, slowest))).rejects.toMatchObject({
    code: "unreadable-body",
  });
  expect(waiting.source.taken).toBeLessThan(600);

  const [[, , text] = []] = await textsOf(
    openUpload(posted(trickle(5_000), { pauseMs: 2 }).request, slowest),
  );
  expect(text).toHaveLength(150_000);

  // The place was waited for, or the engine: that is not the client's slowness.
  const patient = openUpload(posted(trickle(1)).request, { waitMs: 50, bytes: 1_000 });
  for await (const { content } of patient.files()) {
    for await (const _ of content) await pause(5);
  }
});
