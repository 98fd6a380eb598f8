import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect } from "vitest";
import { readClaim } from "./claim.ts";
import { readRequest, uriEncode } from "./request.ts";
import { sha256, verifyClaim } from "./sigv4.ts";
import { signer } from "./testing.ts";

/** Support for the tests of signatures: requests signed by @smithy/signature-v4, and what the store says to them. */

export const REGION = "sa-east-1";
/** The time of every signature. */
export const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
export const key = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

/** A request as it goes over the network: header values have one character per byte. */
export type Wire = { method: string; url: string; headers: [name: string, value: string][] };

/** Any request, signed in headers, is accepted, and with any one byte changed refused. */
export async function expectSignedHeadersVerified(runs: number): Promise<void> {
  await expectVerified(signWithHeaders, runs);
}

/** The same for presigned URLs. */
export async function expectPresignedUrlsVerified(runs: number): Promise<void> {
  await expectVerified(presign, runs);
}

async function expectVerified(sign: (request: Unsigned) => Promise<Wire>, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(requests, fc.nat(), async (request, seed) => {
      const wire = await sign(request);
      expect(verify(wire)).toBe("accepted");
      expect(verify(changeOneByte(wire, seed))).not.toBe("accepted");
    }),
    { numRuns: runs },
  );
}

type Unsigned = {
  method: string;
  segments: string[];
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
};

const text = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
const token = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-"),
  minLength: 1,
  maxLength: 8,
});
// What a header may hold, with runs of spaces: they are folded before they are signed.
const headerValue = fc
  .string({ unit: fc.constantFrom(..."abcXYZ019 +/=;,:é€~\"'"), maxLength: 20 })
  .map((value) => value.trim());

const requests: fc.Arbitrary<Unsigned> = fc.record({
  method: fc.constantFrom("GET", "PUT", "HEAD", "DELETE", "POST"),
  segments: fc.array(text, { maxLength: 4 }).map((keySegments) => ["bucket", ...keySegments]),
  // Names that the signer itself would read are left to it; `__proto__` it loses from a plain object.
  query: fc.dictionary(
    fc.oneof(token, text).filter((name) => !/^$|^__proto__$|^x-amz-/i.test(name)),
    text,
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  ),
  headers: fc.dictionary(
    token.map((name) => `x-amz-meta-${name}`),
    headerValue,
    { maxKeys: 3, noNullPrototype: true },
  ),
  body: text,
});

/** Signs as a client does, in the Authorization header. */
export async function signWithHeaders(request: Unsigned, region = REGION): Promise<Wire> {
  const signed = await signer(key, region).sign(
    {
      ...httpRequest(request),
      headers: { host: "localhost:9000", ...request.headers, "x-amz-content-sha256": sha256(request.body) },
      body: request.body,
    },
    { signingDate: new Date(NOW) },
  );
  return {
    method: request.method,
    url: urlOf(request.segments, request.query),
    headers: onWire(signed.headers),
  };
}

/** Signs as a client does, in the URL. @param expiresIn seconds */
export async function presign(request: Unsigned, expiresIn = 3600): Promise<Wire> {
  const signed = await signer(key, REGION).presign(
    {
      ...httpRequest(request),
      headers: { host: "localhost:9000", ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    },
    { signingDate: new Date(NOW), expiresIn },
  );
  const query = signed.query as Record<string, string>;
  return { method: request.method, url: urlOf(request.segments, query), headers: onWire(signed.headers) };
}

function httpRequest({ method, segments, query }: Unsigned) {
  return { method, protocol: "http:", hostname: "localhost", port: 9000, path: pathOf(segments), query };
}

const pathOf = (segments: string[]) => `/${segments.map(uriEncode).join("/")}`;

function urlOf(segments: string[], query: Record<string, string>): string {
  const parameters = Object.entries(query).map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`);
  return parameters.length === 0 ? pathOf(segments) : `${pathOf(segments)}?${parameters.join("&")}`;
}

/** UTF-8, as Go and curl send it. */
function onWire(headers: Record<string, string>): Wire["headers"] {
  return Object.entries(headers).map(([name, value]) => [
    name,
    Buffer.from(value, "utf8").toString("latin1"),
  ]);
}

/** Changes something that the signature covers: a letter of the URL, the method, a signed header or the signature. */
function changeOneByte(wire: Wire, seed: number): Wire {
  const targets: (() => Wire)[] = [];
  const other = (character: string) => (character === "q" ? "r" : "q");
  for (let i = 1; i < wire.url.length; i++) {
    // Within a percent-encoding, a change may leave the same text (%2f for %2F) or no text at all.
    if (/[A-Za-z0-9]/.test(wire.url[i] ?? "") && !/%.?$/.test(wire.url.slice(0, i))) {
      targets.push(() => ({
        ...wire,
        url: wire.url.slice(0, i) + other(wire.url[i] ?? "") + wire.url.slice(i + 1),
      }));
    }
  }
  targets.push(() => ({ ...wire, method: wire.method === "GET" ? "PUT" : "GET" }));
  for (const [index, [name, value]] of wire.headers.entries()) {
    for (let i = 0; i < value.length; i++) {
      if (!/[A-Za-z0-9]/.test(value[i] ?? "")) continue;
      const changed = value.slice(0, i) + other(value[i] ?? "") + value.slice(i + 1);
      targets.push(() => ({ ...wire, headers: wire.headers.with(index, [name, changed]) }));
    }
  }
  return (targets[seed % targets.length] as () => Wire)();
}

/** What the store makes of a request: `accepted`, or the code of its refusal. @param at milliseconds since 1970 */
export function verify(wire: Wire, { at = NOW, secretAccessKey = key.secretAccessKey } = {}): string {
  try {
    const request = readRequest(incoming(wire), "id");
    const claim = readClaim(request, REGION, at);
    if (claim === null) return "anonymous";
    if (claim.accessKeyId !== key.accessKeyId && claim.accessKeyId !== "AKIAIOSFODNN7EXAMPLE")
      return "unknown key";
    verifyClaim(request, claim, secretAccessKey);
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** As much of Node's message as a signature needs. */
export function incoming({ method, url, headers }: Wire): IncomingMessage {
  return {
    method,
    url,
    rawHeaders: headers.flat(),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
  } as unknown as IncomingMessage;
}
