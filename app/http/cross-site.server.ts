import { DomainError } from "#app/domain/errors.ts";
import { env } from "#app/ports/env.server.ts";
import type { Body } from "./body.server.ts";
import { isFormToken } from "./session.server.ts";

/** Methods that change nothing, and need not prove where they come from. */
export const readingMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets a change pass only if it comes from a page of ours (ASVS 3.5.1). Browsers say where a request
 * comes from; a client that says nothing (a text browser) proves it with the token that every form
 * carries, or in `X-Form-Token` where the body is JSON. Throws `cross-site`.
 */
export async function refuseCrossSite(
  request: Request,
  body: Body,
  sessionToken: string | null,
): Promise<void> {
  const origin = request.headers.get("Origin");
  if (origin !== null) {
    if (origin !== env.PUBLIC_URL) throw new DomainError("cross-site");
    return;
  }
  const site = request.headers.get("Sec-Fetch-Site");
  if (site !== null) {
    if (site !== "same-origin") throw new DomainError("cross-site");
    return;
  }
  const given = request.headers.get("X-Form-Token") ?? (await tokenIn(request, body));
  if (sessionToken === null || !given || !isFormToken(given, sessionToken))
    throw new DomainError("cross-site");
}

async function tokenIn(request: Request, body: Body): Promise<string | null> {
  if (request.headers.get("Content-Type")?.includes("json")) return null;
  const value = (await body.form()).get("formToken");
  return typeof value === "string" ? value : null;
}
