import { ReadableStream } from "node:stream/web";

/** A value of a cell. Times are written in ISO 8601, null as nothing. */
export type CsvValue = string | bigint | number | Date | null;

/**
 * A CSV file (RFC 4180) for download, written as its rows come: nothing of it is held in memory.
 *
 * @param name of the file, ASCII without quotes.
 * @param batches rows as they are read; the first failure ends the download unfinished, which a client sees.
 */
export function csvDownload(
  name: string,
  columns: readonly string[],
  batches: AsyncIterable<CsvValue[][]>,
): Response {
  async function* lines() {
    const encoder = new TextEncoder();
    yield encoder.encode(csvLine(columns));
    for await (const rows of batches) yield encoder.encode(rows.map((row) => csvLine(row)).join(""));
  }
  return new Response(ReadableStream.from(lines()) as BodyInit, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8; header=present",
      "Content-Disposition": `attachment; filename="${name}"`,
    },
  });
}

/** One line with its CRLF; a cell that a spreadsheet would run is made text. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}

function csvCell(value: CsvValue): string {
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return String(value);
  // A spreadsheet would run these as a formula (OWASP, CSV injection); after an apostrophe it shows them.
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
