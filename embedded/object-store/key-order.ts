/** The order of keys: that of their UTF-8 bytes, in which S3 lists and `collate "C"` sorts. */

/** Below zero where `a` comes before `b`, as for Array.sort. */
export const compareKeys = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The smallest text that comes after every text that begins with `prefix`, or null where there is none. UTF-8 sorts
 * as its code points do, so it is the prefix with its last code point made one larger.
 */
export function firstTextAfterAll(prefix: string): string | null {
  const points = [...prefix];
  while (points.length > 0) {
    const last = points.pop()?.codePointAt(0) as number;
    if (last === 0x10ffff) continue;
    // The surrogates, U+D800 to U+DFFF, are no characters.
    return points.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
  }
  return null;
}
