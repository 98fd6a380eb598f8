import { decodeKey, encodeKey, type ObjectParameters } from "./object-address.ts";

// An object as the value of a check box or a hidden field: its key and its version, each encoded, with a slash between,
// which stands in neither encoding.

export function encodeObject({ key, versionId }: ObjectParameters): string {
  return versionId ? `${encodeKey(key)}/${encodeKey(versionId)}` : encodeKey(key);
}

/** What {@link encodeObject} made this of; null for what it cannot have made. */
export function decodeObject(text: string): { key: string; versionId?: string } | null {
  const [key, versionId, ...more] = text.split("/").map(decodeKey);
  if (!key || versionId === null || more.length > 0) return null;
  return versionId === undefined ? { key } : { key, versionId };
}
