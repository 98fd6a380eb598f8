import { Readable } from "node:stream";
import type { Reply } from "./operation.ts";
import { XML_DECLARATION } from "./xml.ts";

/** Shorter than the patience of any client or proxy that is known: nginx and boto3 wait for 60 s, some proxies for 30. */
const SILENCE_MS = 10_000;

/**
 * Keeps a client waiting for an answer that takes long, as Amazon does: after a while it gets status 200 and a space
 * every few seconds, and in the end the document, which is an `Error` where the work failed after all. Amazon's SDKs
 * look for one behind a 200 of these operations.
 *
 * The headers that belong to the answer are lost to whoever had to wait; what they say is not in the document. The work
 * goes on to its end even if the client goes away.
 *
 * @param refuse makes an answer of what the work threw
 */
export async function keepWaiting(
  work: Promise<Reply>,
  refuse: (error: unknown) => Reply,
  silenceMs = SILENCE_MS,
): Promise<Reply> {
  if (await within(work, silenceMs)) return work;
  const body = Readable.from(spacesAndDocument(work.catch(refuse), silenceMs), { objectMode: false });
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

async function* spacesAndDocument(work: Promise<Reply>, silenceMs: number): AsyncGenerator<Buffer> {
  yield Buffer.from(XML_DECLARATION);
  while (!(await within(work, silenceMs))) yield Buffer.from(" ");
  const { body } = await work;
  if (typeof body === "string") yield Buffer.from(body.slice(XML_DECLARATION.length), "utf8");
}

/** Whether a promise is settled, either way, in this time. */
async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const settled = () => true;
  try {
    return await Promise.race([work.then(settled, settled), late]);
  } finally {
    clearTimeout(timer);
  }
}
