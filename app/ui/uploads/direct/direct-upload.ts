import { patiently } from "./patiently.ts";
import { NoAnswer, PartRefused, sendPart } from "./send-part.ts";
import {
  forgetUpload,
  rememberUpload,
  type UnfinishedUpload,
  unfinishedUploadOf,
} from "./unfinished-uploads.ts";
import { ApiProblem, type UploadApi } from "./upload-api.ts";

const partsAtOnce = 3;
/** Addresses are asked for a few at a time: they last for an hour, and a pause may be longer. */
const signedAtOnce = 12;

/** The engine did not answer this browser even once: another way must be taken. */
export class NeverReached extends Error {}
/** The quota is used up, the engine refuses, or the upload is not open any more. */
export class UploadStopped extends Error {
  override readonly cause: "full" | "refused" | "gone";

  constructor(cause: UploadStopped["cause"]) {
    super(cause);
    this.cause = cause;
  }
}

export interface DirectUploadInput {
  api: UploadApi;
  /** The bucket's id. */
  bucket: string;
  key: string;
  file: File;
  keepExisting: boolean;
  /** Whether the engine has ever answered this page; shared by its uploads. */
  engine: { hasAnswered: boolean };
  onProgress: (sentBytes: number) => void;
  onFinishing: () => void;
}

/**
 * Sends one file to the engine, in parts, and has the console complete it; goes on with an earlier attempt of the same
 * file. Throws when it is aborted by `signal` (what was sent stays, to go on with), NeverReached, UploadStopped, or
 * ApiProblem where the console refuses.
 */
export async function sendDirectly(input: DirectUploadInput, signal: AbortSignal): Promise<void> {
  const { api, file } = input;
  const { upload, stored } = await openUpload(input, signal);
  try {
    await sendMissing(input, upload, stored, signal);
    input.onFinishing();
    const completion = { ...upload, sizeBytes: file.size, keepExisting: input.keepExisting };
    await patiently(signal, () => api.complete(completion, signal));
    forgetUpload(upload);
  } catch (error) {
    if (isFinal(error)) await discardUpload(api, upload);
    throw error;
  }
}

/** Removes what was sent, at the engine and here. What the console cannot remove now stays in the list. */
export async function discardUpload(
  api: UploadApi,
  upload: Pick<UnfinishedUpload, "key" | "uploadId">,
): Promise<void> {
  try {
    await api.abort(upload);
    forgetUpload(upload);
  } catch {
    // It is offered again, and a lifecycle rule may remove it.
  }
}

/** Nothing is gained by keeping the parts: they would only take room, and there may be none. */
function isFinal(error: unknown): boolean {
  if (error instanceof ApiProblem) return error.code === "object-exists" || error.code === "not-found";
  return error instanceof NeverReached || error instanceof UploadStopped;
}

async function openUpload(
  { api, bucket, key, file, keepExisting }: DirectUploadInput,
  signal: AbortSignal,
): Promise<{ upload: UnfinishedUpload; stored: Map<number, number> }> {
  const earlier = unfinishedUploadOf(bucket, key, file);
  if (earlier) {
    try {
      return { upload: earlier, stored: await patiently(signal, () => api.parts(earlier, signal)) };
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
      forgetUpload(earlier);
    }
  }
  const begun = { key, sizeBytes: file.size, contentType: file.type, keepExisting };
  const { uploadId, partSizeBytes } = await patiently(signal, () => api.begin(begun, signal));
  const { size: sizeBytes, lastModified } = file;
  const upload = { bucket, key, uploadId, sizeBytes, partSizeBytes, lastModified };
  rememberUpload(upload);
  return { upload, stored: new Map() };
}

async function sendMissing(
  input: DirectUploadInput,
  upload: UnfinishedUpload,
  stored: Map<number, number>,
  signal: AbortSignal,
): Promise<void> {
  const { api, file, engine, onProgress } = input;
  const sentBytes = new Map<number, number>();
  const missing: number[] = [];
  const count = Math.max(1, Math.ceil(upload.sizeBytes / upload.partSizeBytes));
  for (let partNumber = 1; partNumber <= count; partNumber++) {
    const size = partOf(file, upload, partNumber).size;
    if (stored.get(partNumber) === size) sentBytes.set(partNumber, size);
    else missing.push(partNumber);
  }
  const note = (partNumber: number, bytes: number) => {
    sentBytes.set(partNumber, bytes);
    onProgress([...sentBytes.values()].reduce((sum, each) => sum + each, 0));
  };
  note(0, 0);

  // One that fails stops the others.
  const others = new AbortController();
  const either = AbortSignal.any([signal, others.signal]);
  const urlOf = signedAddresses(api, upload, missing, either);

  async function sendNext(): Promise<void> {
    for (let partNumber = missing.shift(); partNumber !== undefined; partNumber = missing.shift()) {
      const number = partNumber;
      const part = partOf(file, upload, number);
      await patiently(either, async (attempt) => {
        try {
          const url = await urlOf(number, attempt > 1);
          await sendPart(url, part, either, (bytes) => note(number, Math.min(bytes, part.size)));
          engine.hasAnswered = true;
          note(number, part.size);
        } catch (error) {
          note(number, 0);
          throw whatItMeans(error, engine, attempt);
        }
      });
    }
  }

  try {
    await Promise.all(Array.from({ length: partsAtOnce }, sendNext));
  } catch (error) {
    others.abort();
    throw error;
  }
}

function partOf(file: File, { partSizeBytes }: UnfinishedUpload, partNumber: number): Blob {
  return file.slice((partNumber - 1) * partSizeBytes, partNumber * partSizeBytes);
}

/** Addresses by part number, signed some at a time, and anew for one that was refused: it may have expired. */
function signedAddresses(api: UploadApi, upload: UnfinishedUpload, missing: number[], signal: AbortSignal) {
  const known = new Map<number, Promise<Map<number, string>>>();
  return async (partNumber: number, anew: boolean): Promise<string> => {
    if (anew || !known.has(partNumber)) {
      const numbers = anew
        ? [partNumber]
        : [partNumber, ...missing.filter((other) => !known.has(other)).slice(0, signedAtOnce - 1)];
      const signing = api.sign(upload, numbers, signal);
      for (const number of numbers) known.set(number, signing);
      // Who waits for it is told; what nobody waits for yet must not be an error of the page.
      signing.catch(() => {
        for (const number of numbers) known.delete(number);
      });
    }
    return (await known.get(partNumber))?.get(partNumber) ?? "";
  };
}

/** The error that ends the upload, or the one given where it is worth another attempt. */
function whatItMeans(error: unknown, engine: DirectUploadInput["engine"], attempt: number): unknown {
  if (error instanceof NoAnswer) return engine.hasAnswered ? error : new NeverReached();
  if (!(error instanceof PartRefused)) return error;
  engine.hasAnswered = true;
  if (error.code === "QuotaExceeded") return new UploadStopped("full");
  if (error.code === "NoSuchUpload") return new UploadStopped("gone");
  // Once more with an address that was just signed: the first may have expired.
  const isLasting = error.status < 500 && error.status !== 429 && attempt > 1;
  return isLasting ? new UploadStopped("refused") : error;
}
