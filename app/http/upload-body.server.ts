import { Readable } from "node:stream";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { DomainError } from "#app/domain/errors.ts";
import { type Body, checkForm, mediaTypeOf } from "./body.server.ts";

/** The addresses whose forms carry files, by their route's pattern. Everywhere else a body is small and read whole. */
const uploadPatterns = new Set(["accounts/:account/buckets/:bucket/upload"]);

/** What comes before the files: a token and what was chosen. Far more than a form of ours sends. */
const fieldLimits = { fields: 20, fieldSize: 16 * 1024, headerPairs: 20, headerSize: 16 * 1024 };
/** Each is an object, an entry in the audit log and a line of the answer. */
export const mostFiles = 500;
/** What is read on and thrown away so that a browser, which sends all before it listens, gets to see a refusal. */
const unwantedLimitBytes = 64 * 1024 * 1024;
const unwantedLimitMs = 60_000;
/** Cutting a connection while data comes in takes away from the client what it has not read yet of our answer. */
const lingerMs = 2_000;

/** Of a client that is waited for so long, at least so much must have come. */
export interface SlowestClient {
  waitMs: number;
  bytes: number;
}

/** A byte now and then keeps the connection, and with it a place that other uploads wait for: it is no better than silence. */
const slowestClient: SlowestClient = { waitMs: 60_000, bytes: 64 * 1024 };

/** One file of a form, while it arrives. */
export interface UploadedFile {
  /** As the browser names it, without folders; never empty. */
  name: string;
  /** As the browser says it: a claim. */
  contentType: string;
  /**
   * Its bytes, read from the network no faster than they are taken. Ends in an error when the client hangs up. Destroy
   * it to skip the rest.
   */
  content: Readable;
}

/** A form with files, which are not read before somebody asks for them, and are never held whole. */
export interface UploadBody extends Body {
  /** The fields that stand before the first file; what comes after it is not looked at. */
  form(): Promise<FormData>;
  /** The files, one after the other; whatever is left of one when the next is asked for is skipped. */
  files(): AsyncGenerator<UploadedFile, void>;
  /** Whether there were more files than are taken. */
  hasMore(): boolean;
  /**
   * Once the answer is known, before it is sent: reads what is left of the body, within bounds. Where that was not all,
   * the connection is cut a moment after the answer.
   */
  discard(): Promise<void>;
}

/** Whether a request's body is to be streamed: a form with files, at an address that takes some. */
export function carriesFiles(request: Request, pattern: string): boolean {
  const contentType = request.headers.get("Content-Type") ?? "";
  return (
    request.body !== null && uploadPatterns.has(pattern) && mediaTypeOf(contentType) === "multipart/form-data"
  );
}

/**
 * Begins to read a form with files; nothing is taken from the network before it is asked for. Throws `unreadable-body`
 * for a Content-Type without a boundary; `form` and `files` throw it for what is no such form, or breaks off.
 */
export function openUpload(request: Request, slowest = slowestClient): UploadBody {
  const arrivals = new Arrivals();
  const parser = parserFor(request, arrivals);
  const source = request.body?.getReader();
  let pumping: Promise<void> | undefined;
  const start = () => {
    pumping ??= pump(source, parser, arrivals, slowest).catch((error: unknown) => arrivals.fail(error));
  };

  return {
    async form() {
      start();
      await arrivals.pastFields();
      return checkForm(arrivals.fields);
    },
    json() {
      throw new DomainError("unsupported-media-type");
    },
    async *files() {
      start();
      for (let file = await arrivals.next(); file; file = await arrivals.next()) {
        yield file;
        file.content.destroy();
      }
    },
    hasMore: () => arrivals.hasMore,
    async discard() {
      start();
      arrivals.skipRest();
      const time = setTimeout(() => arrivals.giveUp(), unwantedLimitMs);
      // A body that broke off is at its end, too.
      await Promise.race([pumping, arrivals.givenUp]);
      clearTimeout(time);
      if (arrivals.isGivenUp) setTimeout(() => void source?.cancel().catch(() => {}), lingerMs).unref();
    },
  };
}

function parserFor(request: Request, arrivals: Arrivals): BusboyInstance {
  try {
    const parser = new Busboy({
      headers: { "content-type": request.headers.get("Content-Type") ?? "" },
      limits: { ...fieldLimits, files: mostFiles },
    });
    return parser
      .on("field", (name, value, _nameCut, valueCut) => arrivals.addField(name, value, valueCut))
      .on("file", (_field, bytes, name, _encoding, contentType) => arrivals.addFile(bytes, name, contentType))
      .on("fieldsLimit", () => arrivals.fail(new DomainError("unreadable-body")))
      .on("filesLimit", () => arrivals.noteMore())
      .on("finish", () => arrivals.end())
      .on("error", (error) => arrivals.fail(error));
  } catch {
    throw new DomainError("unreadable-body");
  }
}

/**
 * Pieces that were passed on are garbage, which V8 does not see as such: their bytes lie outside of its heap. Left to
 * itself it lets 100 MiB of them gather. Looking for young garbage alone takes a millisecond or two.
 */
const collectionEveryBytes = 8 * 1024 * 1024;

/** Gives the body to the parser piece by piece. The parser holds each back until its file's reader wants more. */
async function pump(
  source: Source,
  parser: BusboyInstance,
  arrivals: Arrivals,
  slowest: SlowestClient,
): Promise<void> {
  const isTooSlow = slownessBy(slowest);
  let sinceCollection = 0;
  for (;;) {
    const askedAt = performance.now();
    const { value } = (await source?.read()) ?? {};
    if (!value) break;
    if (isTooSlow(performance.now() - askedAt, value.length)) return arrivals.giveUp();
    arrivals.notePiece(value.length);
    sinceCollection += value.length;
    if (sinceCollection > collectionEveryBytes) {
      sinceCollection = 0;
      globalThis.gc?.({ type: "minor" });
    }
    await new Promise<void>((resolve, reject) => {
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      parser.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }
  parser.end();
}

/** Only what the client was waited for counts: not the engine, nor the others whose turn it was. */
function slownessBy(slowest: SlowestClient): (waitedMs: number, sizeBytes: number) => boolean {
  let [waitedMs, arrivedBytes] = [0, 0];
  return (waited, sizeBytes) => {
    waitedMs += waited;
    arrivedBytes += sizeBytes;
    if (waitedMs < slowest.waitMs) return false;
    const isTooSlow = arrivedBytes < slowest.bytes;
    [waitedMs, arrivedBytes] = [0, 0];
    return isTooSlow;
  };
}

type Source = ReadableStreamDefaultReader<Uint8Array> | undefined;

/** What the parser has found so far, for those who wait for it. */
class Arrivals {
  readonly fields = new FormData();
  hasMore = false;
  isGivenUp = false;
  readonly givenUp: Promise<void>;
  #tellGivenUp = () => {};
  #files: UploadedFile[] = [];
  #open: Readable | undefined;
  #state: "fields" | "files" | "over" = "fields";
  #failure: DomainError | undefined;
  #isSkipping = false;
  #unwantedBytes = 0;
  #waiting: (() => void)[] = [];

  constructor() {
    this.givenUp = new Promise((resolve) => {
      this.#tellGivenUp = resolve;
    });
  }

  /** Counts what goes into no file that somebody reads. */
  notePiece(sizeBytes: number): void {
    if (this.#open && !this.#open.destroyed) return;
    this.#unwantedBytes += sizeBytes;
    if (this.#unwantedBytes > unwantedLimitBytes) this.giveUp();
  }

  addField(name: string, value: string, isCut: boolean): void {
    if (this.#state !== "fields") return;
    if (isCut) this.fail(new DomainError("unreadable-body"));
    else this.fields.append(name, value);
  }

  addFile(bytes: Readable, name: string, contentType: string): void {
    const content = this.#contentOf(bytes);
    this.#state = "files";
    // A file input in which nothing was chosen sends a file without a name.
    if (this.#isSkipping || name === "") content.destroy();
    else {
      this.#files.push({ name: withoutEscapes(name), contentType, content });
      this.#unwantedBytes = 0;
    }
    this.#wake();
  }

  noteMore(): void {
    this.hasMore = true;
  }

  end(): void {
    this.#state = "over";
    this.#wake();
  }

  /** Of a body that breaks off, or that is no form: nothing more comes, and whoever reads a file is told. */
  fail(error: unknown): void {
    this.#failure ??= error instanceof DomainError ? error : new DomainError("unreadable-body");
    this.#isSkipping = true;
    this.#open?.destroy(this.#failure);
    this.end();
  }

  async pastFields(): Promise<void> {
    while (this.#state === "fields") await this.#change();
    if (this.#failure) throw this.#failure;
  }

  async next(): Promise<UploadedFile | undefined> {
    for (;;) {
      const file = this.#files.shift();
      if (file) return file;
      if (this.#failure) throw this.#failure;
      if (this.#state === "over") return undefined;
      await this.#change();
    }
  }

  /** Too much came that nobody wants, or it took too long: whoever still waits for a file waits no more. */
  giveUp(): void {
    this.isGivenUp = true;
    this.#tellGivenUp();
    this.fail(new DomainError("unreadable-body"));
  }

  skipRest(): void {
    this.#isSkipping = true;
    // Where somebody still reads one (the client went away, and its answer with it), they must not take it for whole.
    for (const { content } of this.#files) content.destroy();
    this.#open?.destroy(new DomainError("unreadable-body"));
  }

  /**
   * A stream of our own over the parser's, which waits for ever when its reader goes away: this one, once destroyed,
   * reads on and throws away.
   */
  #contentOf(bytes: Readable): Readable {
    const content = new Readable({
      read: () => bytes.resume(),
      destroy: (error, done) => {
        bytes.resume();
        done(error);
      },
    });
    this.#open = content;
    bytes
      .on("data", (piece: Buffer) => {
        if (!content.destroyed && !content.push(piece)) bytes.pause();
      })
      .on("end", () => content.push(null))
      .on("error", (error) => content.destroy(error));
    // Who reads it hears of the error; where nobody does yet, it must not end the process.
    return content.on("error", () => {});
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Undoes what browsers do to a file's name in a form, and nothing else (HTML Standard, multipart/form-data encoding). */
function withoutEscapes(name: string): string {
  return name.replace(/%(0A|0D|22)/g, (escaped) => decodeURIComponent(escaped));
}
