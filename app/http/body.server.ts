import { DomainError } from "#app/domain/errors.ts";

/** More than any form of ours holds. Uploads do not come this way (upload-body.server.ts). */
const bodyLimitBytes = 1024 * 1024;
/** More than any form of ours has: each field costs far more to read, and to send back, than its bytes. */
const fieldLimit = 500;

/** A body that was read whole, within the limit. Parsed on first use; throws `unreadable-body`. */
export interface Body {
  form(): Promise<FormData>;
  json(): unknown;
}

/**
 * Reads the body of a request. Throws `body-too-large` before reading what announces too much, and
 * as soon as what was read is too much.
 */
export async function readBody(request: Request): Promise<Body> {
  const announced = Number(request.headers.get("Content-Length") ?? 0);
  if (announced > bodyLimitBytes) throw new DomainError("body-too-large", { limit: bodyLimitBytes });
  const bytes = await readWithin(request, bodyLimitBytes);
  const contentType = request.headers.get("Content-Type") ?? "";
  return {
    form: () => parseForm(bytes, contentType),
    json: () => parseJson(bytes, contentType),
  };
}

async function readWithin(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    // A client that hung up midway is not an error of ours.
    const { done, value } = await reader.read().catch(() => {
      throw new DomainError("unreadable-body");
    });
    if (done) return new Uint8Array(Buffer.concat(chunks));
    size += value.length;
    // Not cancelled: the server reads on and throws away, so that the client gets to see the answer.
    if (size > limit) throw new DomainError("body-too-large", { limit });
    chunks.push(value);
  }
}

async function parseForm(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  return checkForm(await parseFormOf(bytes, contentType));
}

/** Throws `unreadable-body` for too many fields, and for text that is none. */
export function checkForm(form: FormData): FormData {
  let fields = 0;
  for (const [name, value] of form) {
    if (++fields > fieldLimit) throw new DomainError("unreadable-body");
    if (!isStorable(name) || (typeof value === "string" && !isStorable(value)))
      throw new DomainError("unreadable-body");
  }
  return form;
}

async function parseFormOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  const mediaType = mediaTypeOf(contentType);
  // A button without fields may send nothing at all.
  if (bytes.length === 0) return new FormData();
  if (mediaType === "application/x-www-form-urlencoded") {
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(decodeText(bytes))) form.append(name, value);
    return form;
  }
  if (mediaType === "multipart/form-data") {
    return new Response(bytes, { headers: { "Content-Type": contentType } }).formData().catch(() => {
      throw new DomainError("unreadable-body");
    });
  }
  throw new DomainError("unsupported-media-type");
}

function parseJson(bytes: Uint8Array, contentType: string): unknown {
  if (bytes.length === 0) return {};
  if (mediaTypeOf(contentType) !== "application/json") throw new DomainError("unsupported-media-type");
  try {
    return JSON.parse(decodeText(bytes), (name, value: unknown) => {
      if (!isStorable(name) || (typeof value === "string" && !isStorable(value))) throw new Error("not text");
      return value;
    });
  } catch {
    throw new DomainError("unreadable-body");
  }
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError("unreadable-body");
  }
}

/**
 * True for text that PostgreSQL can hold: no NUL and no lone surrogate. U+FFFD stands where a form's
 * bytes were not UTF-8 (URLSearchParams puts it there and says nothing).
 */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && !text.includes("\uFFFD") && text.isWellFormed();
}

/** Without its parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}
