import { displayKey } from "./object-address.ts";

/**
 * The name of an object, apart from the text around it, and from left to right: somebody may have chosen it to mislead,
 * and an ending belongs at the end.
 */
export function ObjectName({ name }: { name: string }) {
  return <bdi dir="ltr">{displayKey(name)}</bdi>;
}

/** A name for a row of a list: one that would fill the screen loses its middle. Its own page has all of it. */
export function ListedName({ name }: { name: string }) {
  return <bdi dir="ltr">{listedName(name)}</bdi>;
}

/** The same as text, for what says which row a control is of. */
export function listedName(name: string): string {
  return shortened(displayKey(name), 120, 60);
}

/** As much of a key as a heading or a message has room for: its end, by which people know it. */
export function shortKey(key: string): string {
  const last = key.split("/").findLast((part) => part !== "");
  return shortened(displayKey(last ?? key), 40, 40);
}

function shortened(text: string, start: number, end: number): string {
  // Most names: a look at their length is enough.
  if (text.length <= start + end) return text;
  const characters = Array.from(text);
  if (characters.length <= start + end + 1) return text;
  return `${characters.slice(0, start).join("")}…${characters.slice(-end).join("")}`;
}
