import { expect, test } from "vitest";
import { cursorParameter, pageOf } from "./paging.ts";

const rows = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, number)),
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  }));
const itself = (row: { at: Date; id: string }) => row;

test.each([0, 1, pageOf.size])("%i rows are one page", (count) => {
  expect(pageOf(rows(count), itself)).toEqual({ rows: rows(count), next: null });
});

test("the row too many says that another page follows, and is not shown", () => {
  const page = pageOf(rows(pageOf.size + 1), itself);
  expect(page.rows).toEqual(rows(pageOf.size));
  expect(cursorParameter.parse(page.next)).toEqual(rows(pageOf.size).at(-1));
});

const id = "00000000-0000-4000-8000-000000000000";
test.each([
  undefined,
  null,
  7,
  "",
  "_",
  id,
  `now_${id}`,
  `2026-01-01T00:00:00.000Z_${id}x`,
  `2026-01-01T00:00:00.000Z_' OR 1=1`,
  // PostgreSQL's calendar ends before JavaScript's.
  `-271821-04-20T00:00:00.000Z_${id}`,
  `+275760-09-13T00:00:00.000Z_${id}`,
])("%j is no cursor of ours, so the first page", (text) => {
  expect(cursorParameter.parse(text)).toBeUndefined();
});
