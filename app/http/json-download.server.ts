import { ReadableStream } from "node:stream/web";

/**
 * A JSON file for download, written as its text comes: nothing of it is held in memory.
 *
 * @param name of the file, ASCII without quotes.
 * @param pieces of the text; the first failure ends the download unfinished, which a client sees.
 */
export function jsonDownload(name: string, pieces: AsyncIterable<string>): Response {
  async function* bytes() {
    const encoder = new TextEncoder();
    for await (const piece of pieces) yield encoder.encode(piece);
  }
  return new Response(ReadableStream.from(bytes()) as BodyInit, {
    headers: {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="${name}"`,
    },
  });
}
