/**
 * An origin as browsers send it (RFC 6454): scheme and host in lower case, a host in other letters as they are sent
 * over the wire, no default port, no path. It may hold one `*`, which stands for anything (S3). Null where no browser
 * could ever send such a one.
 */
export function normalizeOrigin(text: string): string | null {
  if (text.split("*").length > 2 || text.length > 2_000) return null;
  if (text === "*" || text === "null") return text;
  const origin = text.replace(/\/$/, "").toLowerCase();
  if (!/^([a-z][a-z0-9+.-]*|[a-z]*\*):\/\/[^\s/?#@\\<>]+$|^\*[^\s/?#@\\<>]+$/.test(origin)) return null;
  // A port of `*` is fine in a rule, and no address.
  if (!/^https?:\/\/[^:]+(:\d+)?$/.test(origin)) return origin;
  return URL.parse(origin)?.origin ?? null;
}
