import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { S3Error } from "./errors.ts";

/** A request taken apart, before anything about it is believed. */
export type S3Request = {
  /** Sent back as x-amz-request-id and written in every log line about the request. */
  id: string;
  http: IncomingMessage;
  method: string;
  /** The path as sent, still percent-encoded: signatures cover it. */
  rawPath: string;
  /** Decoded. Empty where the path names none. */
  bucket: string;
  key: string;
  /** Decoded query parameters in their order, repeated ones included. */
  parameters: [name: string, value: string][];
  /** The first value of each query parameter. */
  query: Map<string, string>;
  /**
   * Header values by lower-case name, one character per byte as Node reads them. A presigned URL's x-amz-*
   * parameters are added once its signature is verified, since SDKs move such headers there.
   */
  headers: Map<string, string>;
};

/** @throws S3Error InvalidURI where path or query are not valid percent-encoded UTF-8. */
export function readRequest(http: IncomingMessage, id: string): S3Request {
  const url = http.url ?? "/";
  const questionMark = url.indexOf("?");
  const rawPath = questionMark < 0 ? url : url.slice(0, questionMark);
  const parameters = parseQuery(questionMark < 0 ? "" : url.slice(questionMark + 1));
  const path = decodePath(rawPath);
  const slash = path.indexOf("/", 1);
  if (slash === 1) throw new S3Error("InvalidURI", "The bucket's name is missing.");
  return {
    id,
    http,
    method: http.method ?? "GET",
    rawPath,
    bucket: slash < 0 ? path.slice(1) : path.slice(1, slash),
    key: slash < 0 ? "" : path.slice(slash + 1),
    parameters,
    query: new Map(parameters.toReversed()),
    headers: readHeaders(http),
  };
}

/** As Amazon's: 16 upper-case letters and digits. */
export function requestId(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

function decodePath(rawPath: string): string {
  const path = decode(rawPath);
  if (!path.startsWith("/")) throw new S3Error("InvalidURI");
  return path;
}

function parseQuery(query: string): [string, string][] {
  return query
    .split("&")
    .filter((parameter) => parameter !== "")
    .map((parameter) => {
      const equals = parameter.indexOf("=");
      const name = equals < 0 ? parameter : parameter.slice(0, equals);
      const value = equals < 0 ? "" : parameter.slice(equals + 1);
      return [decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " "))];
    });
}

function decode(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new S3Error("InvalidURI");
  }
  // PostgreSQL cannot hold this character in text, and no key that anyone types has it.
  if (decoded.includes("\0")) throw new S3Error("InvalidURI");
  return decoded;
}

function readHeaders(http: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(http.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}

/** Percent-encodes everything but RFC 3986's unreserved characters, as signatures and url-encoded listings do. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * A header's bytes as text: UTF-8 where they are that, Latin-1 otherwise.
 *
 * Clients sign a header as a string and disagree about how its characters beyond ASCII travel: Go and curl send
 * UTF-8, Node and Python send Latin-1. Both sign the UTF-8 form.
 */
export function headerText(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  try {
    return utf8.decode(bytes);
  } catch {
    return value;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
