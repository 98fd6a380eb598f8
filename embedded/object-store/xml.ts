import { XMLParser } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

/** What an element holds: text, child elements, or several elements of the same name. Undefined is left out. */
export type XmlValue = string | number | boolean | undefined | XmlElements | XmlValue[];
export type XmlElements = { [name: string]: XmlValue };

const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Writes a document with one root element. Pass `""` as namespace for error documents, which have none. */
export function xmlDocument(root: string, content: XmlValue, namespace: string = S3_NAMESPACE): string {
  const attribute = namespace === "" ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(content)}</${root}>`;
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join("");
  return `<${name}>${inner(value)}</${name}>`;
}

function inner(value: XmlValue): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return escapeText(String(value));
  if (Array.isArray(value)) throw new TypeError("A list has no element of its own");
  return Object.entries(value)
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
  isArray: (name) => name === "Object",
});

/**
 * Reads a request's document and returns what its root element holds.
 *
 * @throws S3Error MalformedXML where it is not well-formed, has a document type, or has another root.
 */
export function parseXml(body: Buffer, root: string): XmlElements {
  const text = body.toString("utf8");
  // A document type could declare entities that expand without bound. No S3 client sends one.
  if (text.includes("<!DOCTYPE")) throw new S3Error("MalformedXML");
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

/** The text of a child element, or undefined where there is none. */
export function childText(parent: XmlElements, name: string): string | undefined {
  const child = parent[name];
  return typeof child === "string" ? child : undefined;
}
