import { DomainError } from "#app/domain/errors.ts";

/** A provider that takes longer is as good as down: somebody waits before an empty page. */
const patienceMs = 5_000;
/** Keys, metadata and claims are a few kilobytes; whatever is larger is none of these. */
const limitBytes = 256 * 1024;

export interface ProviderAnswer {
  status: number;
  body: Record<string, unknown>;
}

/**
 * One request to a provider's own address, answered with a JSON object. Follows no redirect, since none of these
 * addresses may move secrets elsewhere. Throws `provider-unavailable` where nothing that can be read comes back.
 */
export async function askProvider(url: string, init: RequestInit = {}): Promise<ProviderAnswer> {
  const response = await fetchFromProvider(url, init);
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && !Array.isArray(body))
      return { status: response.status, body: body as Record<string, unknown> };
  } catch {
    // No JSON: said below.
  }
  throw unavailable(response.ok ? "no-json" : `status-${response.status}`);
}

/** The same for jose, which wants the answer as `fetch` gives it; its body is in memory, and is not too large. */
export async function fetchFromProvider(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, { ...init, redirect: "error", signal });
    const body = await readWithin(response, limitBytes);
    if (response.status >= 500) throw unavailable(`status-${response.status}`);
    return new Response(body, { status: response.status, headers: response.headers });
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unavailable(
      error instanceof DOMException && error.name === "TimeoutError" ? "timeout" : "unreachable",
    );
  }
}

async function readWithin(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!response.body) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    // Leaving the loop ends the connection.
    if (size > limit) throw unavailable("too-large");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function unavailable(reason: string): DomainError {
  return new DomainError("provider-unavailable", { reason });
}
