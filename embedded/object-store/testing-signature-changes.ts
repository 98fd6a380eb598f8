import type { Random } from "./testing-signature-random.ts";
import { EXPIRES_IN, isChunked, type SignedRequest } from "./testing-signature-signer.ts";

/** Something that a signature covers, done to a request that is signed; null where this request has no such thing. */
export interface Change {
  what: string;
  make: (request: SignedRequest, random: Random) => SignedRequest | null;
}

const MINUTE_MS = 60_000;
const MAX_SKEW_MS = 15 * MINUTE_MS;

export const changes: Change[] = [
  {
    what: "another method",
    make: (request, random) => ({
      ...request,
      method: random.pick(["GET", "PUT", "HEAD", "DELETE", "POST"].filter((name) => name !== request.method)),
    }),
  },
  {
    what: "another bucket or key",
    make: (request, random) => {
      const index = random.below(request.segments.length);
      return { ...request, segments: request.segments.with(index, `${request.segments[index]}x`) };
    },
  },
  {
    what: "a slash more",
    make: (request, random) => ({
      ...request,
      segments: request.segments.toSpliced(1 + random.below(request.segments.length), 0, ""),
    }),
  },
  {
    what: "a slash less",
    make: (request) => {
      const index = request.segments.indexOf("");
      return index < 0 ? null : { ...request, segments: request.segments.toSpliced(index, 1) };
    },
  },
  { what: "a parameter more", make: (request) => withParameters(request, [["versionId", "null"]]) },
  {
    what: "a parameter twice",
    make: ({ query, ...request }, random) =>
      query.length === 0 ? null : { ...request, query: [...query, random.pick(query)] },
  },
  {
    what: "a parameter less",
    make: ({ query, ...request }, random) =>
      query.length === 0 ? null : { ...request, query: query.toSpliced(random.below(query.length), 1) },
  },
  {
    what: "a parameter's value changed",
    make: ({ query, ...request }, random) => {
      if (query.length === 0) return null;
      const index = random.below(query.length);
      const [name, value] = query[index] as [string, string];
      return { ...request, query: query.with(index, [name, changeText(value, random)]) };
    },
  },
  { what: "another host", make: (request) => withHeader(request, "host", () => "elsewhere.example") },
  {
    what: "a signed header changed",
    make: (request, random) => {
      const name = random.pick(signedNames(request));
      return withHeader(request, name, (value) => changeText(value, random));
    },
  },
  {
    what: "a signed header less",
    make: ({ headers, ...request }, random) => {
      const names = signedNames({ ...request, headers }).filter((name) => name !== "host");
      if (names.length === 0) return null;
      const gone = random.pick(names);
      // A header without a value is signed as one that is not there is.
      if (headers.some(([name, value]) => name === gone && value === "")) return null;
      return { ...request, headers: headers.filter(([name]) => name !== gone) };
    },
  },
  {
    what: "a signed header twice",
    make: ({ headers, ...request }, random) => {
      const names = signedNames({ ...request, headers }).filter((name) => name.startsWith("x-amz-meta-"));
      return names.length === 0 ? null : { ...request, headers: [...headers, [random.pick(names), "more"]] };
    },
  },
  {
    what: "an x-amz- header that is not signed",
    make: ({ headers, ...request }, random) => {
      const more = random.pick(["x-amz-acl", "x-amz-copy-source", "x-amz-meta-not-signed-at-all"]);
      return { ...request, headers: [...headers, [more, "private"]] };
    },
  },
  {
    what: "another signature, key, day or region",
    make: (request, random) => {
      const changed = (text: string) => {
        const fields = /(?<=Signature=|^)[0-9a-f]{64}|\/2026\d{4}\/|\/sa-east-1\//g;
        const found = random.pick([...text.matchAll(fields)]);
        return replaceAt(text, found.index + random.below(found[0].length), random);
      };
      if (request.form !== "presigned") return withHeader(request, "authorization", changed);
      const name = random.pick(["X-Amz-Signature", "X-Amz-Credential"]);
      return { ...request, query: request.query.map(([n, v]) => [n, n === name ? changed(v) : v]) };
    },
  },
  {
    what: "a clock that is wrong, or too late a use",
    make: (request, random) => {
      const offBy = MAX_SKEW_MS + 1000 + random.below(MINUTE_MS);
      const tooLate = request.form === "presigned" ? EXPIRES_IN * 1000 + offBy : offBy;
      return { ...request, now: request.now + (random.chance(2) ? tooLate : -offBy) };
    },
  },
  {
    what: "a later expiry",
    make: (request) =>
      request.form !== "presigned"
        ? null
        : {
            ...request,
            query: request.query.map(([name, value]) => [
              name,
              name === "X-Amz-Expires" ? String(EXPIRES_IN * 2) : value,
            ]),
          },
  },
  { what: "a byte of the body changed", make: changeByte },
  {
    what: "a body cut short",
    make: (request, random) => {
      if (!isCovered(request)) return null;
      const body = Buffer.concat(request.pieces);
      return body.length === 0 ? null : { ...request, pieces: [body.subarray(0, random.below(body.length))] };
    },
  },
  {
    what: "a body with more after it",
    make: (request) =>
      isCovered(request) ? { ...request, pieces: [...request.pieces, Buffer.from("more")] } : null,
  },
  {
    what: "a chunk left out",
    make: (request, random) =>
      !hasChunks(request)
        ? null
        : { ...request, pieces: request.pieces.toSpliced(random.below(request.chunks.length), 1) },
  },
  {
    what: "a chunk replayed",
    make: (request, random) => {
      if (!hasChunks(request)) return null;
      const index = random.below(request.chunks.length);
      const again = request.pieces[random.below(index + 1)] as Buffer;
      return { ...request, pieces: request.pieces.toSpliced(index + 1, 0, again) };
    },
  },
  {
    what: "two chunks in the other order",
    make: (request) => {
      const [first, second, ...rest] = request.pieces;
      if (!hasChunks(request) || request.chunks.length < 2 || !first || !second) return null;
      return first.equals(second) ? null : { ...request, pieces: [second, first, ...rest] };
    },
  },
  {
    what: "another trailer",
    make: (request, random) => {
      const last = request.pieces.at(-1)?.toString() ?? "";
      const positions = [...last.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
      if (!isChunked(request.form) || positions.length === 0) return null;
      const changed = Buffer.from(replaceAt(last, random.pick(positions), random));
      return { ...request, pieces: request.pieces.with(-1, changed) };
    },
  },
  {
    what: "no trailer",
    make: (request) =>
      request.form.endsWith("-trailer")
        ? { ...request, pieces: request.pieces.with(-1, Buffer.from("\r\n")) }
        : null,
  },
];

/** Whether a signature or a checksum covers the body at all. */
const isCovered = ({ form }: SignedRequest) => form !== "unsigned" && form !== "presigned";
const hasChunks = ({ form, chunks }: SignedRequest) => isChunked(form) && chunks.length > 0;

/** The framing's line ends carry nothing that a change could turn into something else; all the rest does. */
function changeByte(request: SignedRequest, random: Random): SignedRequest | null {
  const body = Buffer.concat(request.pieces);
  if (!isCovered(request) || body.length === 0) return null;
  const index = random.below(body.length);
  if (isChunked(request.form) && (body[index] === 0x0d || body[index] === 0x0a)) return null;
  // Not the bit that is the case of a letter: a trailer's name has none.
  const mask = random.pick([0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80, 0xff]);
  body[index] = (body[index] as number) ^ mask;
  return { ...request, pieces: [body] };
}

function withParameters(request: SignedRequest, more: SignedRequest["query"]): SignedRequest {
  return { ...request, query: [...request.query, ...more] };
}

function withHeader(request: SignedRequest, name: string, change: (value: string) => string): SignedRequest {
  return {
    ...request,
    headers: request.headers.map(([given, value]) => [given, given === name ? change(value) : value]),
  };
}

/** The names that the signature says it covers. */
function signedNames({ headers, query }: Pick<SignedRequest, "headers" | "query">): string[] {
  const authorization = headers.find(([name]) => name === "authorization")?.[1] ?? "";
  const inQuery = query.find(([name]) => name === "X-Amz-SignedHeaders")?.[1];
  const names = inQuery ?? /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? "";
  return names.split(";").filter((signed) => headers.some(([name]) => name === signed));
}

function changeText(text: string, random: Random): string {
  return text === "" || random.chance(3) ? `${text}x` : replaceAt(text, random.below(text.length), random);
}

/** Another letter or digit in the place of what stands there. */
function replaceAt(text: string, index: number, random: Random): string {
  const [unit] = [...text.slice(index)];
  // Half of a character that takes two would be none.
  const start = /[\udc00-\udfff]/.test(text[index] ?? "") ? index - 1 : index;
  const end = start < index ? index + 1 : index + (unit?.length ?? 1);
  // Not the same letter in the other case: a trailer's name has none.
  const others = [..."0aZ"].filter((other) => other.toLowerCase() !== text.slice(start, end).toLowerCase());
  return text.slice(0, start) + random.pick(others) + text.slice(end);
}
