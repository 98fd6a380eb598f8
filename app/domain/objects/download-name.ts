/** Longest name that every file system of today takes, in bytes; room is left for what a browser adds, `(1)`. */
const longestName = 200;

/** What no file system, or not Windows', takes in a name; and what would rearrange how the name is shown. */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u001f\u007f-\u009f"*/:<>?\\|\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;

/** Names that Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The file name under which an object is offered for download: the last part of its key, made safe (ASVS 5.4.2). Never
 * empty, never hidden, never a path.
 */
export function downloadName(key: string): string {
  const last = key.split("/").findLast((part) => part !== "") ?? "";
  const plain = last
    .replaceAll(unsafe, "_")
    .replace(/^[. ]+/, "")
    .replace(/[. ]+$/, "");
  const name = devices.test(plain) ? `_${plain}` : plain;
  return name === "" ? "object" : shortened(name);
}

/** Keeps the ending, by which people know the kind of file. */
function shortened(name: string): string {
  const ending = /\.[^.]{1,16}$/u.exec(name)?.[0] ?? "";
  let stem = Array.from(name.slice(0, name.length - ending.length));
  while (Buffer.byteLength(stem.join("") + ending) > longestName) stem = stem.slice(0, -1);
  return stem.join("") + ending;
}

/** The header that has a browser save an answer under that name (RFC 6266, RFC 8187). */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
