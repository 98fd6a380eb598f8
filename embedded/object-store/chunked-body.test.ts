import { createHash, createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeChunks } from "./chunked-body.ts";
import { type ChunkSigning, sha256 } from "./sigv4.ts";

const signing: ChunkSigning = {
  signingKey: Buffer.from("a signing key"),
  timestamp: "20260131T120000Z",
  scope: "20260131/us-east-1/s3/aws4_request",
  seedSignature: "0".repeat(64),
};

describe("the unsigned form", () => {
  test("gives back what was encoded, however the chunks and the network cut it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
        fc.nat(40),
        async (chunks, cut) => {
          const encoded = encode(chunks.filter((chunk) => chunk.length > 0));
          const { payload, trailers } = await decode(encoded, { signing: null, pieceBytes: cut + 1 });
          expect(payload).toEqual(Buffer.concat(chunks));
          expect(trailers).toEqual(new Map([["x-amz-checksum-crc32", "AAAAAA=="]]));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("takes a trailer line that ends with a bare line feed, as Amazon's documentation has it", async () => {
    const encoded = Buffer.from("3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\n\r\n\r\n");
    expect((await decode(encoded, { signing: null })).trailers.get("x-amz-checksum-crc32")).toBe("AAAAAA==");
  });

  test.each<[string, string, string]>([
    ["an end in the middle of a chunk", "5\r\nabc", "IncompleteBody"],
    ["an end before the last chunk", "3\r\nabc\r\n", "IncompleteBody"],
    ["an end before the trailers' end", "3\r\nabc\r\n0\r\n", "IncompleteBody"],
    ["a chunk longer than it says", "3\r\nabcd\r\n0\r\n\r\n", "IncompleteBody"],
    ["no size", "\r\nabc\r\n0\r\n\r\n", "InvalidRequest"],
    ["a negative size", "-3\r\nabc\r\n0\r\n\r\n", "InvalidRequest"],
    ["something after the end", "3\r\nabc\r\n0\r\n\r\nmore", "InvalidRequest"],
    ["a trailer without a colon", "0\r\nnonsense\r\n\r\n", "MalformedTrailerError"],
    ["a first line without an end", "0".repeat(10_000), "InvalidRequest"],
  ])("refuses %s", async (_, encoded, code) => {
    await expect(decode(Buffer.from(encoded), { signing: null })).rejects.toMatchObject({ code });
  });
});

describe("the signed form", () => {
  const chunks = [randomBytes(200), randomBytes(64), randomBytes(1)];

  test("is accepted with and without signed trailers", async () => {
    for (const trailer of [true, false]) {
      const { payload } = await decode(encodeSigned(chunks, trailer), { signing, signedTrailer: trailer });
      expect(payload).toEqual(Buffer.concat(chunks));
    }
  });

  test("is refused with any one byte changed", async () => {
    const encoded = encodeSigned(chunks, true);
    for (let position = 0; position < encoded.length; position++) {
      const changed = Buffer.from(encoded);
      changed[position] = (changed[position] as number) ^ 0x01;
      // The framing's own line ends carry no meaning that a change could turn into another.
      if (encoded[position] === 0x0d || encoded[position] === 0x0a) continue;
      await expect(
        decode(changed, { signing, signedTrailer: true }),
        `byte ${position}`,
      ).rejects.toMatchObject({
        code: expect.stringMatching(
          /^(SignatureDoesNotMatch|InvalidRequest|IncompleteBody|MalformedTrailerError)$/,
        ),
      });
    }
  });

  test("is refused with chunks in another order, left out, or repeated", async () => {
    const [first, second, third] = chunks as [Buffer, Buffer, Buffer];
    const parts = signedParts(chunks);
    for (const order of [
      [1, 0, 2],
      [0, 2],
      [0, 0, 1, 2],
      [0, 1],
    ]) {
      const body = Buffer.concat([...order.map((index) => parts[index] as Buffer), parts[3] as Buffer]);
      await expect(decode(body, { signing })).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
    }
    expect([first, second, third]).toHaveLength(3);
  });

  test("is refused without signatures, and without the trailers' signature", async () => {
    await expect(decode(encode(chunks), { signing, signedTrailer: true })).rejects.toMatchObject({
      code: "SignatureDoesNotMatch",
    });
    const unsignedTrailer = encodeSigned(chunks, true)
      .toString("latin1")
      .replace(/x-amz-trailer-signature:.*\r\n/, "");
    await expect(
      decode(Buffer.from(unsignedTrailer, "latin1"), { signing, signedTrailer: true }),
    ).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
  });
});

describe("the examples of Amazon's documentation", () => {
  const derived = ["20130524", "us-east-1", "s3", "aws4_request"].reduce<Buffer>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    Buffer.from("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
  );
  const documented = (seedSignature: string): ChunkSigning => ({
    signingKey: derived,
    timestamp: "20130524T000000Z",
    scope: "20130524/us-east-1/s3/aws4_request",
    seedSignature,
  });
  const encodeWith = (signatures: [size: number, signature: string][], end: string) =>
    Buffer.concat([
      ...signatures.map(([size, signature]) =>
        Buffer.from(
          `${size.toString(16)};chunk-signature=${signature}\r\n${"a".repeat(size)}${size > 0 ? "\r\n" : ""}`,
        ),
      ),
      Buffer.from(end),
    ]);

  // "Example: PUT Object" of the page on signed chunks.
  test("chunks", async () => {
    const encoded = encodeWith(
      [
        [65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"],
        [1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"],
        [0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"],
      ],
      "\r\n",
    );
    const seed = documented("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
    expect((await decode(encoded, { signing: seed, pieceBytes: 4096 })).payload).toHaveLength(66_560);
  });

  // The same with a trailer, of the page on trailing headers.
  test("chunks and a trailer", async () => {
    const encoded = encodeWith(
      [
        [65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"],
        [1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"],
        [0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"],
      ],
      "x-amz-checksum-crc32c:sOO8/Q==\r\n" +
        "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
    );
    const seed = documented("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
    const { payload, trailers } = await decode(encoded, {
      signing: seed,
      signedTrailer: true,
      pieceBytes: 4096,
    });
    expect(payload).toHaveLength(66_560);
    expect(trailers.get("x-amz-checksum-crc32c")).toBe("sOO8/Q==");
  });
});

async function decode(
  encoded: Buffer,
  options: { signing: ChunkSigning | null; signedTrailer?: boolean; pieceBytes?: number },
) {
  const trailers = new Map<string, string>();
  const pieces: Buffer[] = [];
  const source = cut(encoded, options.pieceBytes ?? 16);
  for await (const piece of decodeChunks(source, options.signing, options.signedTrailer ?? false, trailers)) {
    pieces.push(piece);
  }
  return { payload: Buffer.concat(pieces), trailers };
}

async function* cut(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += pieceBytes) yield bytes.subarray(i, i + pieceBytes);
}

function encode(chunks: Uint8Array[]): Buffer {
  const framed = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}\r\n`, chunk, "\r\n"]);
  return Buffer.concat(
    [...framed, "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"].map((part) => Buffer.from(part)),
  );
}

function encodeSigned(chunks: Buffer[], trailer: boolean): Buffer {
  const parts = signedParts(chunks);
  if (!trailer) return Buffer.concat(parts);
  const last = (parts.at(-1) as Buffer).toString();
  const previous = /chunk-signature=(\w+)/.exec(last)?.[1];
  const line = "x-amz-checksum-crc32:AAAAAA==";
  const digest = sha256(`${line}\n`);
  const signature = sign(
    `AWS4-HMAC-SHA256-TRAILER\n${signing.timestamp}\n${signing.scope}\n${previous}\n${digest}`,
  );
  const trailers = `${line}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`;
  return Buffer.concat([...parts.slice(0, -1), Buffer.from(last.slice(0, -2) + trailers)]);
}

/** Each chunk framed and signed, the closing one included. */
function signedParts(chunks: Buffer[]): Buffer[] {
  let previous = signing.seedSignature;
  return [...chunks, Buffer.alloc(0)].map((chunk) => {
    const digest = createHash("sha256").update(chunk).digest("hex");
    previous = sign(
      `AWS4-HMAC-SHA256-PAYLOAD\n${signing.timestamp}\n${signing.scope}\n${previous}\n${sha256("")}\n${digest}`,
    );
    const header = `${chunk.length.toString(16)};chunk-signature=${previous}\r\n`;
    return Buffer.concat([Buffer.from(header), chunk, Buffer.from("\r\n")]);
  });
}

function sign(stringToSign: string): string {
  return createHmac("sha256", signing.signingKey).update(stringToSign).digest("hex");
}
