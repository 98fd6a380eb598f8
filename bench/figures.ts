/** Milliseconds of many runs of one thing. */
export interface Timings {
  median: number;
  p99: number;
}

export function timingsOf(milliseconds: number[]): Timings {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}

/** Milliseconds that something takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/** Prints rows below their headings: the first column to the left, figures to the right. */
export function printTable(headings: string[], rows: (string | number)[][]): void {
  const lines = [headings, ...rows].map((cells) =>
    cells.map((cell) => (typeof cell === "number" ? cell.toFixed(2) : cell)),
  );
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of lines) {
    const padded = cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(padded.join("  "));
  }
}
