/** What a list's read function answers of its place, beside the rows. */
interface PlaceInList {
  /** Whether these are the first rows. */
  isFirst: boolean;
  /** Cursor of the rows after these; null where there are none. */
  next: string | null;
}

/** Addresses of the first page of a list and of the one after this, under the same filter; null for none. */
export function pagerLinks({ isFirst, next }: PlaceInList, filter: Record<string, string> = {}) {
  return {
    newer: isFirst ? null : `?${new URLSearchParams(filter)}`,
    older: next ? `?${new URLSearchParams({ ...filter, after: next })}` : null,
  };
}
