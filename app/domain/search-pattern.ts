import { literalPattern } from "#app/ports/db.server.ts";

/** For LIKE: any part of a text; its beginning where there are fewer characters than a trigram of an index has. */
export function searchPattern(part: string): string {
  const literal = literalPattern(part);
  return part.length < 3 ? `${literal}%` : `%${literal}%`;
}
