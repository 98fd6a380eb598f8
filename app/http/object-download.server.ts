import { Readable } from "node:stream";
import { attachment } from "#app/domain/objects/download-name.ts";
import type { Download, DownloadWish } from "#app/domain/objects/open-download.ts";

/** What a request for a file wants (RFC 9110): one range at most; several, or what is none, ask for the whole. */
export function downloadWish(request: Request): DownloadWish {
  const range = /^bytes=(\d+-\d*|-\d+)$/.exec(request.headers.get("Range") ?? "")?.[0] ?? null;
  const ifRange = request.headers.get("If-Range");
  return {
    headOnly: request.method === "HEAD",
    range,
    // A date, or a weak tag, never matches: it does not tell one content from another.
    ifEtag: ifRange && range ? (/^"([^"]*)"$/.exec(ifRange)?.[1] ?? "") : null,
  };
}

/**
 * A file to be saved. Whatever a tenant called it, a browser is given nothing to show: no type of theirs, and a policy
 * under which even a page that it showed all the same would be nobody's, with no script and no connection.
 */
export function objectDownload({ name, details, content, isUnsatisfiable }: Download): Response {
  const headers = new Headers({
    "Content-Type": "application/octet-stream",
    "Content-Disposition": attachment(name),
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Accept-Ranges": "bytes",
    ETag: `"${details.etag}"`,
    "Last-Modified": details.lastModified.toUTCString(),
  });
  if (isUnsatisfiable) {
    headers.set("Content-Range", `bytes */${details.sizeBytes}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("Content-Length", String(content?.contentLength ?? details.sizeBytes));
  if (content?.contentRange) headers.set("Content-Range", content.contentRange);
  // Who goes away cancels the stream, and that ends the request to the engine.
  const body = content ? (Readable.toWeb(content.body) as BodyInit) : null;
  return new Response(body, { status: content?.contentRange ? 206 : 200, headers });
}
