import type { Random } from "./testing-signature-random.ts";
import type { SignedRequest } from "./testing-signature-signer.ts";

/** Writes a request down as it goes over the network, in one of the many forms that mean the same; in packets. */
export function writeRequest(request: SignedRequest, random: Random): Buffer[] {
  const body = Buffer.concat(request.pieces);
  const headers = [
    ...request.headers.flatMap(([name, value]) => splitList(name, value, random)),
    ["content-length", String(body.length)] as const,
    ...unsignedHeaders.filter(() => random.chance(4)),
  ];
  const lines = [
    Buffer.from(`${request.method} ${writeUrl(request, random)} HTTP/1.1\r\n`),
    ...inAnyOrder(headers, random).map(([name, value]) => writeHeader(name, value, random)),
    Buffer.from("\r\n"),
  ];
  return cut(Buffer.concat([...lines, body]), random);
}

/** What agents and proxies add. Signatures need not cover it. */
const unsignedHeaders = [
  ["accept", "*/*"],
  ["user-agent", "fuzz/1.0"],
  ["x-forwarded-for", "192.0.2.1"],
  ["amz-sdk-invocation-id", "0f0a8d1c"],
  ["accept-encoding", "identity"],
] as const;

/** A list may stand on several lines (RFC 9110, 5.3). Authorization is none, whatever it looks like. */
function splitList(name: string, value: string, random: Random): [string, string][] {
  // A blank beside the comma would be lost.
  const comma = name.startsWith("x-amz-meta-") ? value.search(/(?<! ),(?! )/) : -1;
  if (comma < 0 || random.chance(2)) return [[name, value]];
  return [
    [name, value.slice(0, comma)],
    [name, value.slice(comma + 1)],
  ];
}

/** The lines of one header stay in their order, which is part of its value. */
function inAnyOrder<Header extends readonly [string, string]>(headers: Header[], random: Random): Header[] {
  const byName = Map.groupBy(headers, ([name]) => name);
  return random.shuffle([...byName.values()]).flat();
}

function writeHeader(name: string, value: string, random: Random): Buffer {
  const written = [...name]
    .map((letter) => (random.chance(3) ? letter.toUpperCase() : letter.toLowerCase()))
    .join("");
  // Blanks around and within it are folded before it is signed; within quotes too, at Amazon.
  const spaced = value.replaceAll(" ", () => (random.chance(3) ? "  " : " "));
  const [before, after] = [random.pick(["", " ", "  ", "\t"]), random.pick(["", "", " ", " \t"])];
  return Buffer.concat([
    Buffer.from(`${written}:${before}`),
    encodeHeaderValue(spaced, random),
    Buffer.from(`${after}\r\n`),
  ]);
}

/** Go and curl send UTF-8, Node Latin-1 where it can; that must not be taken for UTF-8. */
function encodeHeaderValue(value: string, random: Random): Buffer {
  const latin1 = Buffer.from(value, "latin1");
  const isLatin1 = latin1.toString("latin1") === value && !isUtf8(latin1);
  return isLatin1 && random.chance(2) ? latin1 : Buffer.from(value, "utf8");
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString("utf8")).equals(bytes);
}

function writeUrl({ segments, query }: SignedRequest, random: Random): string {
  const path = `/${segments.map((segment) => encode(segment, PLAIN_IN_PATH, random)).join("/")}`;
  if (query.length === 0) return path;
  const parameters = random.shuffle(query).map(([name, value]) => {
    const written = encode(name, PLAIN_IN_QUERY, random).replaceAll("%20", () => blank(random));
    if (value === "" && random.chance(2)) return written;
    return `${written}=${encode(value, PLAIN_IN_QUERY, random).replaceAll("%20", () => blank(random))}`;
  });
  return `${path}?${parameters.join("&")}`;
}

const PLAIN_IN_PATH = /[A-Za-z0-9._~!$&'()*+,;=:@-]/;
const PLAIN_IN_QUERY = /[A-Za-z0-9._~!$'()*,;:@/?-]/;

/** As forms write it in a query. */
const blank = (random: Random) => (random.chance(3) ? "+" : "%20");

/** Percent-encodes what must be, now and then what need not be, in either case of letters. */
function encode(text: string, plain: RegExp, random: Random): string {
  return [...text]
    .map((character) => {
      if (plain.test(character) && !random.chance(4)) return character;
      return [...Buffer.from(character)]
        .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
        .map((escaped) => (random.chance(3) ? escaped : escaped.toUpperCase()))
        .join("");
    })
    .join("");
}

function cut(bytes: Buffer, random: Random): Buffer[] {
  const at = 1 + random.below(bytes.length - 1);
  return random.chance(2) ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)];
}
