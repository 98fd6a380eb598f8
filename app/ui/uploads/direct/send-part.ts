/** The engine answered and did not take the part. */
export class PartRefused extends Error {
  readonly status: number;
  /** S3's code, such as `QuotaExceeded`. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** There was no answer that a page may read: no network, no such host, or no leave by CORS. A browser does not say which. */
export class NoAnswer extends Error {}

/** Without a byte of progress for this long, a part is sent anew. */
const silenceMs = 60_000;

/**
 * Sends one part to the address that the console signed for it. XMLHttpRequest, since `fetch` tells nothing of the
 * progress of what it sends. Throws PartRefused, NoAnswer, or an AbortError.
 */
export function sendPart(
  url: string,
  part: Blob,
  signal: AbortSignal,
  onProgress: (sentBytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let silence = setTimeout(abort, silenceMs);
    const settle = (done: () => void) => {
      clearTimeout(silence);
      signal.removeEventListener("abort", abort);
      done();
    };
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(silence);
      silence = setTimeout(abort, silenceMs);
      onProgress(loaded);
    };
    request.onload = () =>
      settle(() => {
        if (request.status < 300) resolve();
        else reject(new PartRefused(request.status, codeIn(request.responseText)));
      });
    request.onerror = () => settle(() => reject(new NoAnswer()));
    request.onabort = () => settle(() => reject(signal.aborted ? signal.reason : new NoAnswer()));
    signal.addEventListener("abort", abort);
    request.open("PUT", url);
    request.send(part);
  });
}

function codeIn(xml: string): string {
  return /<Code>(\w+)<\/Code>/.exec(xml)?.[1] ?? "";
}
