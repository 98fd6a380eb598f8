import { Readable } from "node:stream";
import { StorageError } from "../../errors.ts";
import { fromNetwork } from "../engine-errors.ts";

/** For how long an engine may send nothing of a content that it has begun. */
const SILENCE_MS = 60_000;

/**
 * An engine's content as it comes, which ends with a StorageError where the connection breaks, or where the engine
 * sends nothing while it is wanted: a reader who is slow holds nothing up. Destroying it ends the request.
 */
export function unlessSilent(operation: string, content: Readable, silenceMs = SILENCE_MS): Readable {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      body.destroy(new StorageError("unavailable", { operation, engineCode: "DeadlineExceeded" }));
    }, silenceMs);
  };
  const body = new Readable({
    read() {
      wait();
      content.resume();
    },
    destroy(error, done) {
      clearTimeout(timer);
      content.destroy();
      done(error);
    },
  });
  content.on("data", (chunk: Buffer) => {
    if (body.push(chunk)) return wait();
    clearTimeout(timer);
    content.pause();
  });
  content.on("end", () => {
    clearTimeout(timer);
    body.push(null);
  });
  content.on("error", (error) => body.destroy(fromNetwork(operation, error)));
  content.pause();
  return body;
}
