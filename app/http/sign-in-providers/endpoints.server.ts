import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";
import { DomainError } from "#app/domain/errors.ts";
import type { OidcProvider, SignInProvider } from "#app/ports/env.server.ts";
import { askProvider, fetchFromProvider } from "./ask-provider.server.ts";

/** Where a provider does what, and how it wants to be asked. */
export interface Endpoints {
  authorization: string;
  token: string;
  userinfo: string | null;
  /** How the client proves itself at the token endpoint: HTTP Basic, or in the body. */
  clientSecretIn: "header" | "body";
  /** RFC 9207: answers must name their issuer. */
  namesIssuer: boolean;
  /** Verifies ID tokens; null for plain OAuth 2.0. */
  keys: JWTVerifyGetKey | null;
}

/** Metadata may move a provider's addresses, and does so once in years. */
const keptMs = 60 * 60_000;
/** After a failure the provider is left alone for a moment, and people are told at once instead of after seconds. */
const pauseMs = 5_000;

const known = new Map<string, { endpoints: Promise<Endpoints>; until: number }>();

/**
 * A provider's endpoints: discovered on first use, kept for an hour, asked for once however many wait. Nobody waits for
 * a provider but those who sign in with it. Throws `provider-unavailable`.
 */
export function endpointsOf(provider: SignInProvider): Promise<Endpoints> {
  if (provider.kind === "oauth2") {
    const { authorizationEndpoint, tokenEndpoint, userinfoEndpoint } = provider;
    return Promise.resolve({
      authorization: authorizationEndpoint,
      token: tokenEndpoint,
      userinfo: userinfoEndpoint,
      clientSecretIn: "header",
      namesIssuer: false,
      keys: null,
    });
  }
  const kept = known.get(provider.id);
  if (kept && kept.until > Date.now()) return kept.endpoints;
  const entry = { endpoints: discover(provider), until: Date.now() + keptMs };
  known.set(provider.id, entry);
  entry.endpoints.catch(() => {
    entry.until = Date.now() + pauseMs;
  });
  return entry.endpoints;
}

/** OpenID Connect Discovery 1.0 §4. */
async function discover({ issuer }: OidcProvider): Promise<Endpoints> {
  const { status, body } = await askProvider(
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    { headers: { Accept: "application/json" } },
  );
  if (status !== 200) throw badMetadata(`status-${status}`);
  // §4.3: whose metadata it is must be exactly whom we asked (ASVS 10.5.3).
  if (body.issuer !== issuer) throw badMetadata("metadata-issuer");
  const endpoint = (name: string) => {
    const value = body[name];
    const url = typeof value === "string" ? URL.parse(value) : null;
    // Plain http only where the issuer's is, which is on this machine then.
    if (!url || !(url.protocol === "https:" || url.origin === new URL(issuer).origin))
      throw badMetadata(`metadata-${name}`);
    return url.href;
  };
  const authMethods = body.token_endpoint_auth_methods_supported;
  return {
    authorization: endpoint("authorization_endpoint"),
    token: endpoint("token_endpoint"),
    userinfo: body.userinfo_endpoint === undefined ? null : endpoint("userinfo_endpoint"),
    clientSecretIn:
      Array.isArray(authMethods) &&
      authMethods.includes("client_secret_post") &&
      !authMethods.includes("client_secret_basic")
        ? "body"
        : "header",
    namesIssuer: body.authorization_response_iss_parameter_supported === true,
    // Asks again for a key that it does not know, so that a provider may change its keys at any time.
    keys: createRemoteJWKSet(new URL(endpoint("jwks_uri")), { [customFetch]: fetchFromProvider }),
  };
}

function badMetadata(reason: string): DomainError {
  return new DomainError("provider-unavailable", { reason });
}
