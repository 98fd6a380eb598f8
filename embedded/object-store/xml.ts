import { XMLParser } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

/**
 * What an element holds: text, child elements, or several elements of the same name. Undefined is left out. A name
 * that begins with `@` is an attribute.
 */
export type XmlValue = string | number | boolean | undefined | XmlElements | XmlValue[];
export type XmlElements = { [name: string]: XmlValue };

/** What every document begins with. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/**
 * Writes a document with one root element, which holds one after the other where its content is a list. Pass `""` as
 * namespace for error documents, which have none.
 */
export function xmlDocument(root: string, content: XmlValue, namespace: string = S3_NAMESPACE): string {
  const attribute = namespace === "" ? "" : ` xmlns="${namespace}"`;
  return `${XML_DECLARATION}<${root}${attribute}>${inner(content)}</${root}>`;
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join("");
  return `<${name}${attributes(value)}>${inner(value)}</${name}>`;
}

function attributes(value: XmlValue): string {
  if (typeof value !== "object" || Array.isArray(value)) return "";
  return Object.entries(value)
    .filter(([name]) => name.startsWith("@"))
    .map(([name, text]) => ` ${name.slice(1)}="${inner(text)}"`)
    .join("");
}

function inner(value: XmlValue): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return escapeText(String(value));
  if (Array.isArray(value)) return value.map(inner).join("");
  return Object.entries(value)
    .filter(([name]) => !name.startsWith("@"))
    .map(([name, child]) => element(name, child))
    .join("");
}

/**
 * Control characters are legal in keys and not in XML 1.0. Amazon writes them as character references all the same,
 * and clients that list such keys ask for encoding-type=url.
 */
function escapeText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, (character) => {
    return ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  // Keys are text: no trimming, no numbers.
  parseTagValue: false,
  trimValues: false,
  processEntities: { enabled: true, maxTotalExpansions: 2_000_000, maxExpandedLength: 8 << 20 },
  // The switch that makes numeric references (&#13;) be read; clients send them in keys.
  htmlEntities: true,
});

/**
 * More than the largest document that says anything: 10,000 parts with numbers, ETags and checksums. The parser takes a
 * hundred times an empty element's bytes, and time in which nobody else is answered.
 */
const MAX_ANGLE_BRACKETS = 150_000;

/**
 * Reads a request's document and returns what its root element holds.
 *
 * @throws S3Error MalformedXML where it is not well-formed, has a document type, has another root, or has far more
 *   elements than any document needs.
 */
export function parseXml(body: Buffer, root: string): XmlElements {
  if (hasTooManyElements(body)) throw new S3Error("MalformedXML");
  const text = body.toString("utf8");
  // A document type could declare entities that expand without bound. No S3 client sends one.
  if (text.includes("<!DOCTYPE")) throw new S3Error("MalformedXML");
  // The parser drops these: a key or prefix would silently become another.
  if ([...text.matchAll(/&#(x?)([0-9a-f]+);/gi)].some(namesNoCharacter)) throw new S3Error("MalformedXML");
  let document: XmlElements;
  try {
    document = parser.parse(text, true);
  } catch {
    throw new S3Error("MalformedXML");
  }
  if (!(root in document)) throw new S3Error("MalformedXML");
  const content = document[root];
  return typeof content === "object" && !Array.isArray(content) ? content : {};
}

function hasTooManyElements(body: Buffer): boolean {
  let count = 0;
  for (let at = body.indexOf("<"); at >= 0; at = body.indexOf("<", at + 1)) count++;
  return count > MAX_ANGLE_BRACKETS;
}

/** Whether a numeric reference is to U+0000, to half of a surrogate pair or past the end of Unicode. */
function namesNoCharacter([, hexadecimal, digits = ""]: RegExpExecArray): boolean {
  const point = Number.parseInt(digits, hexadecimal ? 16 : 10);
  return point === 0 || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff;
}

/** The text of a child element, or undefined where there is none. @throws S3Error MalformedXML */
export function childText(parent: XmlElements, name: string): string | undefined {
  const child = parent[name];
  return typeof child === "string" ? storable(child) : undefined;
}

/** No XML may hold this character, which the parser lets through and PostgreSQL does not. */
function storable(text: string): string {
  if (text.includes("\0")) throw new S3Error("MalformedXML");
  return text;
}

/** The texts of the child elements of one name, however many there are. @throws S3Error MalformedXML */
export function childTexts(parent: XmlElements, name: string): string[] {
  return children(parent, name).map((child) => {
    if (typeof child !== "string") throw new S3Error("MalformedXML");
    return storable(child);
  });
}

/** What the child elements of one name hold, however many there are. @throws S3Error MalformedXML */
export function childElements(parent: XmlElements, name: string): XmlElements[] {
  return children(parent, name).map((child) => {
    if (typeof child !== "object" || Array.isArray(child)) throw new S3Error("MalformedXML");
    return child;
  });
}

function children(parent: XmlElements, name: string): XmlValue[] {
  const child = parent[name];
  if (child === undefined) return [];
  return Array.isArray(child) ? child : [child];
}

/**
 * Refuses a document that says more than is read of it: what is not evaluated is not stored either.
 *
 * @throws S3Error MalformedXML
 */
export function expectOnly(parent: XmlElements, names: string[]): void {
  for (const [name, child] of Object.entries(parent)) {
    const isSpace = name === "#text" && typeof child === "string" && child.trim() === "";
    if (!isSpace && !names.includes(name)) throw new S3Error("MalformedXML");
  }
}
