import { discardUpload, NeverReached, sendDirectly, UploadStopped } from "./direct-upload.ts";
import { type UnfinishedUpload, unfinishedUploadOf, unfinishedUploads } from "./unfinished-uploads.ts";
import { ApiProblem, type UploadApi } from "./upload-api.ts";
import { type Unreachable, whyUnreachable } from "./why-unreachable.ts";

export type UploadState = "waiting" | "sending" | "paused" | "finishing" | "stored" | "failed";

/** One file, as the page shows it. */
export interface QueuedUpload {
  id: number;
  key: string;
  sizeBytes: number;
  sentBytes: number;
  state: UploadState;
  /** Why it failed: a word of ours, or the console's own sentence. */
  problem: { kind: "full" | "refused" | "gone" | "network" } | { text: string } | null;
}

export interface QueueSnapshot {
  uploads: readonly QueuedUpload[];
  /** Of earlier visits, whose files have to be chosen again. */
  unfinished: readonly UnfinishedUpload[];
  /** Set once files can only go through the form, with the reason. */
  unreachable: Unreachable | null;
}

interface Entry extends QueuedUpload {
  file: File;
  keepExisting: boolean;
  abort: AbortController;
}

export const emptyQueue: QueueSnapshot = { uploads: [], unfinished: [], unreachable: null };

/** The files that one page sends straight to the engine, one after the other; React reads it as an external store. */
export class UploadQueue {
  #api: UploadApi;
  #bucket: string;
  #endpoint: string;
  #engine = { hasAnswered: false };
  #entries: Entry[] = [];
  #isRunning = false;
  #lastId = 0;
  #listeners = new Set<() => void>();
  #snapshot = emptyQueue;

  /** @param endpoint the storage's public address */
  constructor({ api, bucket, endpoint }: { api: UploadApi; bucket: string; endpoint: string }) {
    this.#api = api;
    this.#bucket = bucket;
    this.#endpoint = endpoint;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#tell();
    return () => this.#listeners.delete(listener);
  };

  snapshot = (): QueueSnapshot => this.#snapshot;

  add(files: { key: string; file: File; keepExisting: boolean }[]): void {
    for (const { key, file, keepExisting } of files) {
      this.#lastId += 1;
      this.#entries.push({
        id: this.#lastId,
        key,
        file,
        keepExisting,
        sizeBytes: file.size,
        sentBytes: 0,
        state: "waiting",
        problem: null,
        abort: new AbortController(),
      });
    }
    this.#tell();
    void this.#run();
  }

  pause(id: number): void {
    this.#change(id, { state: "paused" })?.abort.abort();
  }

  /** After a pause, or a failure. */
  resume(id: number): void {
    this.#change(id, { state: "waiting", problem: null, abort: new AbortController() });
    void this.#run();
  }

  /** Stops it, and removes what was sent of it. */
  async cancel(id: number): Promise<void> {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (!entry) return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    entry.abort.abort();
    const upload = unfinishedUploadOf(this.#bucket, entry.key, entry.file);
    if (upload) await discardUpload(this.#api, upload);
    this.#tell();
    void this.#run();
  }

  /** Removes what was sent of one from an earlier visit. */
  async discard(upload: UnfinishedUpload): Promise<void> {
    await discardUpload(this.#api, upload);
    this.#tell();
  }

  /** When the page goes away: what was sent stays, to go on with. */
  stop(): void {
    for (const { abort } of this.#entries) abort.abort();
    this.#entries = [];
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#next(); next; next = this.#next()) await this.#send(next);
    this.#isRunning = false;
  }

  #next(): Entry | undefined {
    return this.#entries.find(({ state }) => state === "waiting");
  }

  async #send(entry: Entry): Promise<void> {
    const { id, abort } = entry;
    this.#change(id, { state: "sending" });
    const parts = { api: this.#api, bucket: this.#bucket, engine: this.#engine };
    try {
      const { key, file, keepExisting } = entry;
      await sendDirectly(
        {
          ...parts,
          key,
          file,
          keepExisting,
          onProgress: (sentBytes) => this.#change(id, { sentBytes }),
          onFinishing: () => this.#change(id, { state: "finishing" }),
        },
        abort.signal,
      );
      this.#change(id, { state: "stored", sentBytes: entry.sizeBytes });
    } catch (error) {
      // Paused or cancelled: the entry says so already.
      if (abort.signal.aborted) return;
      this.#change(id, { state: "failed", problem: problemOf(error) });
      if (error instanceof NeverReached) await this.#giveUp();
    }
  }

  /** Nothing of this page reaches the engine: its files go through the form. */
  async #giveUp(): Promise<void> {
    const unreachable = await whyUnreachable(this.#endpoint);
    this.#entries = [];
    this.#tell({ unreachable });
  }

  #change(id: number, change: Partial<Entry>): Entry | undefined {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (!entry) return undefined;
    const before = { ...entry };
    Object.assign(entry, change);
    this.#tell();
    return before;
  }

  #tell(change: Partial<QueueSnapshot> = {}): void {
    const uploads = this.#entries.map(({ id, key, sizeBytes, sentBytes, state, problem }) => ({
      id,
      key,
      sizeBytes,
      sentBytes,
      state,
      problem,
    }));
    const isShown = new Set(this.#entries.map(({ key }) => key));
    const unfinished = unfinishedUploads(this.#bucket).filter(({ key }) => !isShown.has(key));
    this.#snapshot = { ...this.#snapshot, uploads, unfinished, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function problemOf(error: unknown): QueuedUpload["problem"] {
  if (error instanceof UploadStopped) return { kind: error.cause };
  if (error instanceof ApiProblem && error.message) return { text: error.message };
  return { kind: "network" };
}
