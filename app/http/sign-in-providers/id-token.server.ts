import { errors, type JWTPayload, jwtVerify } from "jose";
import { DomainError } from "#app/domain/errors.ts";
import type { OidcProvider } from "#app/ports/env.server.ts";
import type { Attempt } from "./attempts.server.ts";
import type { Endpoints } from "./endpoints.server.ts";

/** Asymmetric ones alone: `none` signs nothing, and with HS256 the client's secret would sign. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** How far the provider's clock may be off. */
const toleranceSeconds = 60;

/**
 * The claims of an ID token, once all is verified that OpenID Connect Core 1.0 §3.1.3.7 asks for: signature, issuer,
 * audience, authorized party, times and nonce (ASVS 10.5.1–10.5.4). Throws `provider-refused` with what was wrong.
 */
export async function verifyIdToken(
  token: string,
  { provider, keys, attempt }: { provider: OidcProvider; keys: Endpoints["keys"]; attempt: Attempt },
): Promise<JWTPayload & { sub: string }> {
  if (!keys) throw refused("no-keys");
  const { payload } = await jwtVerify(token, keys, {
    algorithms,
    issuer: provider.issuer,
    audience: provider.clientId,
    requiredClaims: ["sub", "exp", "iat"],
    clockTolerance: toleranceSeconds,
    maxTokenAge: "10 minutes",
  }).catch((error: unknown) => {
    throw error instanceof DomainError ? error : refused(reasonOf(error));
  });
  const { sub, nonce, azp, aud } = payload;
  if (typeof sub !== "string" || sub === "" || sub.length > 255) throw refused("sub");
  if (nonce !== attempt.nonce) throw refused("nonce");
  // Meant for several: it must say that it was made for us.
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) throw refused("azp");
  if (azp !== undefined && azp !== provider.clientId) throw refused("azp");
  if (attempt.purpose === "reauthenticate") refuseStale(payload.auth_time, attempt);
  return { ...payload, sub };
}

/**
 * The person must have proved who they are since they left us. A provider that does not say when (Google) cannot be
 * held to it: then what counts is that it answered anew, and the second factor (ASVS 6.8.4).
 */
function refuseStale(authTime: unknown, { startedAt }: Attempt): void {
  if (authTime === undefined) return;
  if (typeof authTime !== "number" || authTime < startedAt / 1_000 - toleranceSeconds)
    throw refused("auth_time");
}

/** What was wrong with a token, in a word, for the log: never a value of it. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim;
  if (error instanceof errors.JWTExpired) return error.claim;
  if (error instanceof errors.JOSEError) return error.code.replace(/^ERR_/, "").toLowerCase();
  return "token";
}

function refused(reason: string): DomainError {
  return new DomainError("provider-refused", { reason });
}
