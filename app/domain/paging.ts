import { z } from "zod";

/** Where a page of a list ends: the sort time and, for ties, the id of its last row. */
export interface Cursor {
  at: Date;
  id: string;
}

/** A page of a list that is read by keyset: no counting, and no row skipped or shown twice. */
export interface Page<Row> {
  rows: Row[];
  /** Goes into `?after=`; null on the last page. */
  next: string | null;
}

/** Takes one row more than a page holds, to know whether another page follows. */
export function pageOf<Row>(rows: Row[], cursorOf: (row: Row) => Cursor): Page<Row> {
  const shown = rows.slice(0, pageOf.size);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > pageOf.size && last ? encode(cursorOf(last)) : null };
}
pageOf.size = 25;

function encode({ at, id }: Cursor): string {
  return `${at.toISOString()}_${id}`;
}

/** What a column can hold and a row of ours could have: JavaScript's dates reach further than PostgreSQL's. */
const time = z.date().min(new Date("2000-01-01")).max(new Date("9999-12-31"));

/** Reads `?after=`; what is not a cursor of ours is the first page. */
export const cursorParameter = z
  .string()
  .transform((text) => {
    const [at = "", id = ""] = text.split("_");
    return { at: new Date(at), id };
  })
  .pipe(z.object({ at: time, id: z.uuid() }))
  .optional()
  .catch(undefined);
