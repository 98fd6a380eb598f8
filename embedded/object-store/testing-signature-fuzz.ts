import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect } from "vitest";
import { changes } from "./testing-signature-changes.ts";
import { createRandom, type Random } from "./testing-signature-random.ts";
import { type SignedRequest, signRequest, type UnsignedRequest } from "./testing-signature-signer.ts";
import { startVerifier, type Verifier } from "./testing-signature-verifier.ts";

/**
 * Requests at random, signed by @smithy/signature-v4 and sent over a socket.
 *
 * In whatever form a client or a proxy may write one (the order and case of headers, blanks, encodings of the URL,
 * how the network cuts it), it must be accepted, and understood as it was meant. With any one thing changed that the
 * signature covers, it must be refused.
 */
export async function expectSignaturesJudgedRight(runs: number): Promise<void> {
  const verifier = await startVerifier();
  try {
    await fc.assert(
      fc.asyncProperty(requests, fc.integer(), async (request, seed) => {
        const random = createRandom(seed);
        const signed = await signRequest(request);
        await expectAccepted(verifier, request, signed, random);
        await expectRefusedOnceChanged(verifier, signed, random);
      }),
      { numRuns: runs },
    );
  } finally {
    verifier.stop();
  }
}

async function expectAccepted(
  verifier: Verifier,
  request: UnsignedRequest,
  signed: SignedRequest,
  random: Random,
): Promise<void> {
  const { verdict, understood } = await verifier.ask(signed, random);
  expect(verdict).toBe("accepted");
  expect(understood).toEqual({
    method: request.method,
    key: request.segments.slice(1).join("/"),
    parameters: request.query.map(([name, value]) => `${name}=${value}`).sort(),
    bodySha256: createHash("sha256").update(Buffer.concat(request.chunks)).digest("hex"),
  });
}

async function expectRefusedOnceChanged(
  verifier: Verifier,
  signed: SignedRequest,
  random: Random,
): Promise<void> {
  const possible = changes.flatMap(({ what, make }) => {
    const changed = make(signed, random);
    return changed === null ? [] : [{ what, changed }];
  });
  const { what, changed } = random.pick(possible);
  const { verdict } = await verifier.ask(changed, random);
  expect([what, verdict]).toEqual([what, expect.stringMatching(REFUSALS)]);
}

/** What S3 calls a request whose signature, time or body is not what it says. Nothing else may come of a change. */
const REFUSALS = new RegExp(
  `^(${[
    "AccessDenied",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "BadDigest",
    "IncompleteBody",
    "InvalidAccessKeyId",
    "InvalidRequest",
    "InvalidURI",
    "MalformedTrailerError",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "XAmzContentSHA256Mismatch",
  ].join("|")})$`,
);

const text = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
const awkward = fc.constantFrom(
  "+",
  " ",
  "a+b c",
  "%2F",
  "%",
  "..",
  ".",
  "é",
  "日本語",
  "😀",
  "~",
  "!*'()",
  "a=b&c",
);
const token = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-"),
  minLength: 1,
  maxLength: 8,
});
// Single blanks only: runs of them are folded before they are signed, and made again on the way.
const headerValue = fc
  .string({ unit: fc.constantFrom(..."abcXYZ019 +/=;,:é€~\"'"), maxLength: 20 })
  .map((value) => value.trim().replace(/ +/g, " "));

const requests: fc.Arbitrary<UnsignedRequest> = fc.record({
  method: fc.constantFrom("GET", "PUT", "HEAD", "DELETE", "POST"),
  // Empty ones make double slashes.
  segments: fc
    .array(fc.oneof(text, awkward, fc.constant("")), { maxLength: 4 })
    .map((segments) => ["bucket", ...segments]),
  // Repeated names included. Those that the signer itself would read are left to it.
  query: fc.array(
    fc.tuple(
      fc.oneof(token, text, awkward).filter((name) => !/^$|^__proto__$|^x-amz-/i.test(name)),
      fc.oneof(text, awkward),
    ),
    { maxLength: 5 },
  ),
  headers: fc
    .uniqueArray(
      fc.tuple(
        token.map((name) => `x-amz-meta-${name}`),
        headerValue,
      ),
      {
        maxLength: 3,
        selector: ([name]) => name,
      },
    )
    .chain((metadata) =>
      fc
        .subarray<[string, string]>([
          ["range", "bytes=0-9"],
          ["content-type", "text/plain; charset=utf-8"],
        ])
        .map((standard) => [...standard, ...metadata]),
    ),
  chunks: fc.array(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    { maxLength: 4 },
  ),
  form: fc.constantFrom("hashed", "unsigned", "presigned", "chunks", "chunks-trailer", "unsigned-trailer"),
});
