import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readClaim } from "./claim.ts";
import { readRequest, uriEncode } from "./request.ts";
import { sha256, verifyClaim } from "./sigv4.ts";
import { signer } from "./testing.ts";

const REGION = "sa-east-1";
const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/** A request as it goes over the network: header values have one character per byte. */
type Wire = { method: string; url: string; headers: [name: string, value: string][] };

describe("verifyClaim against @smithy/signature-v4", () => {
  test("accepts what it signs in headers, and refuses it with any one byte changed", async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), async (request, seed) => {
        const wire = await signWithHeaders(request);
        expect(verify(wire)).toBe("accepted");
        expect(verify(changeOneByte(wire, seed))).not.toBe("accepted");
      }),
      { numRuns: 1000 },
    );
  });

  test("accepts URLs that it presigns, and refuses them with any one byte changed", async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), async (request, seed) => {
        const wire = await presign(request);
        expect(verify(wire)).toBe("accepted");
        expect(verify(changeOneByte(wire, seed))).not.toBe("accepted");
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the example of Amazon's documentation", () => {
  // "Example: GET Object", Authenticating Requests: Using the Authorization Header (AWS Signature Version 4).
  const documented = {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  };
  const wire: Wire = {
    method: "GET",
    url: "/test.txt",
    headers: [
      ["Host", "examplebucket.s3.amazonaws.com"],
      ["Range", "bytes=0-9"],
      ["x-amz-content-sha256", sha256("")],
      ["x-amz-date", "20130524T000000Z"],
      [
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
      ],
    ],
  };
  const at = Date.UTC(2013, 4, 24);

  test("is accepted", () => {
    expect(verify(wire, { at, secretAccessKey: documented.secretAccessKey })).toBe("accepted");
  });

  test("is refused with another secret", () => {
    expect(verify(wire, { at, secretAccessKey: key.secretAccessKey })).toBe("SignatureDoesNotMatch");
  });

  test("is refused a quarter of an hour later or earlier", () => {
    for (const skew of [-901_000, 901_000]) {
      expect(verify(wire, { at: at + skew, secretAccessKey: documented.secretAccessKey })).toBe(
        "RequestTimeTooSkewed",
      );
    }
  });

  test("is refused with an x-amz-* header that was not signed", () => {
    const more: Wire = { ...wire, headers: [...wire.headers, ["x-amz-acl", "public-read"]] };
    expect(verify(more, { at, secretAccessKey: documented.secretAccessKey })).toBe("AccessDenied");
  });
});

describe("readClaim", () => {
  const plain = { method: "GET", segments: ["b", "k"], query: {}, headers: {}, body: "" };

  test("a presigned URL holds for as long as it says", async () => {
    const wire = await presign(plain, 60);
    expect(verify(wire, { at: NOW + 59_000 })).toBe("accepted");
    expect(verify(wire, { at: NOW + 61_000 })).toBe("AccessDenied");
    expect(verify(wire, { at: NOW - 901_000 })).toBe("AccessDenied");
  });

  test("another region is refused, us-east-1 never is", async () => {
    const elsewhere = await signWithHeaders(plain, "eu-west-1");
    expect(verify(elsewhere)).toBe("AuthorizationHeaderMalformed");
    expect(verify(await signWithHeaders(plain, "us-east-1"))).toBe("accepted");
  });

  test.each<[string, string, string]>([
    ["basic authentication", "Basic dTpw", "InvalidRequest"],
    ["Signature Version 2", "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=", "InvalidRequest"],
    ["nothing after the algorithm", "AWS4-HMAC-SHA256 ", "AuthorizationHeaderMalformed"],
    [
      "a short credential",
      "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c",
      "AuthorizationHeaderMalformed",
    ],
  ])("refuses %s", (_, authorization, code) => {
    const headers: Wire["headers"] = [
      ["host", "localhost"],
      ["x-amz-date", "20260131T120000Z"],
      ["authorization", authorization],
    ];
    expect(verify({ method: "GET", url: "/", headers })).toBe(code);
  });

  test("an anonymous request claims nothing", () => {
    const request = readRequest(incoming({ method: "GET", url: "/b/k", headers: [["host", "h"]] }), "id");
    expect(readClaim(request, REGION, NOW)).toBeNull();
  });
});

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
  // Names that the signer itself would read are left to it.
  query: fc.dictionary(
    fc.oneof(token, text).filter((name) => name !== "" && !/^x-amz-/i.test(name)),
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

async function signWithHeaders(request: Unsigned, region = REGION): Promise<Wire> {
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

async function presign(request: Unsigned, expiresIn = 3600): Promise<Wire> {
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

function verify(wire: Wire, { at = NOW, secretAccessKey = key.secretAccessKey } = {}): string {
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
function incoming({ method, url, headers }: Wire): IncomingMessage {
  return {
    method,
    url,
    rawHeaders: headers.flat(),
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
  } as unknown as IncomingMessage;
}

test("sha256 is hexadecimal", () => {
  expect(sha256("abc")).toBe(createHash("sha256").update("abc").digest("hex"));
});
