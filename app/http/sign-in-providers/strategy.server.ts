import { OAuth2Tokens } from "arctic";
import { redirect } from "react-router";
import { CodeChallengeMethod, OAuth2Strategy } from "remix-auth-oauth2";
import { DomainError } from "#app/domain/errors.ts";
import type { PendingIdentity } from "#app/domain/identity/providers/pending-identity.ts";
import { env, type SignInProvider } from "#app/ports/env.server.ts";
import { askProvider } from "./ask-provider.server.ts";
import type { Attempt } from "./attempts.server.ts";
import type { Endpoints } from "./endpoints.server.ts";
import { readIdentity } from "./identity-claims.server.ts";

/**
 * remix-auth's OAuth 2.0 strategy, made strict, and taught OpenID Connect. The library checks state and PKCE; this adds
 * nonce, the issuer of the answer (RFC 9207), the ID token, bounded requests, and a visit that counts once.
 *
 * One is made for each request: with a new visit it leads to the provider, with one that was taken it reads the answer.
 */
export class ProviderStrategy extends OAuth2Strategy<PendingIdentity> {
  readonly #provider: SignInProvider;
  readonly #endpoints: Endpoints;
  readonly #attempt: Attempt;

  constructor(provider: SignInProvider, endpoints: Endpoints, attempt: Attempt) {
    super(
      {
        clientId: provider.clientId,
        clientSecret: provider.clientSecret,
        authorizationEndpoint: endpoints.authorization,
        tokenEndpoint: endpoints.token,
        // Never the request's own host: who sets that header would choose where the code goes.
        redirectURI: `${env.PUBLIC_URL}/auth/${provider.id}/callback`,
        scopes: provider.scopes,
        codeChallengeMethod: CodeChallengeMethod.S256,
      },
      ({ tokens }) => readIdentity(provider, endpoints, attempt, tokens),
    );
    this.#provider = provider;
    this.#endpoints = endpoints;
    this.#attempt = attempt;
  }

  /** Throws the redirect to the provider, or answers who came back from it. Throws DomainError. */
  override async authenticate(request: Request): Promise<PendingIdentity> {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith("/callback")) throw this.#redirectToProvider();
    const code = this.#codeIn(searchParams);
    const tokens = await this.validateAuthorizationCode(code, this.#attempt.codeVerifier);
    return this.verify({ request, tokens });
  }

  #redirectToProvider(): Response {
    const { url } = this.createAuthorizationURL();
    url.search = this.authorizationParams(url.searchParams).toString();
    return redirect(url.href);
  }

  /** With the visit's own state and code verifier, in the place of those that the library would keep in its cookie. */
  protected override createAuthorizationURL() {
    const { state, codeVerifier } = this.#attempt;
    const { scopes = [] } = this.options;
    const url = this.client.createAuthorizationURLWithPKCE(
      this.#endpoints.authorization,
      state,
      CodeChallengeMethod.S256,
      codeVerifier,
      scopes,
    );
    return { state, codeVerifier, url };
  }

  protected override authorizationParams(params: URLSearchParams): URLSearchParams {
    if (this.#provider.kind === "oidc") {
      params.set("nonce", this.#attempt.nonce);
      // The same as `prompt=login` (OpenID Connect Core 1.0 §3.1.2.1), which some providers refuse to know.
      if (this.#attempt.purpose === "reauthenticate") params.set("max_age", "0");
    }
    return params;
  }

  #codeIn(answer: URLSearchParams): string {
    const issuer = answer.get("iss");
    // An answer of another provider, sent here to be mixed up (RFC 9207).
    if (this.#provider.kind === "oidc" && (issuer !== null || this.#endpoints.namesIssuer))
      if (issuer !== this.#provider.issuer) throw new DomainError("provider-refused", { reason: "iss" });
    const error = answer.get("error");
    if (error !== null) throw refusalOf(error);
    const code = answer.get("code");
    if (!code) throw new DomainError("provider-refused", { reason: "no-code" });
    return code;
  }

  /** As the library does, but bounded in time and size, following no redirect, and as the provider wants the secret. */
  protected override async validateAuthorizationCode(code: string, codeVerifier: string) {
    const { clientId, clientSecret, redirectURI } = this.options;
    const form = new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: String(redirectURI),
      code_verifier: codeVerifier,
    });
    const headers = new Headers({ Accept: "application/json", "User-Agent": "Balde" });
    if (clientSecret === null) form.set("client_id", clientId);
    else if (this.#endpoints.clientSecretIn === "body") {
      form.set("client_id", clientId);
      form.set("client_secret", clientSecret);
    } else {
      // RFC 6749 §2.3.1: each is encoded as a form would.
      const credentials = [clientId, clientSecret].map(encodeURIComponent).join(":");
      headers.set("Authorization", `Basic ${Buffer.from(credentials).toString("base64")}`);
    }
    const { status, body } = await askProvider(this.#endpoints.token, {
      method: "POST",
      headers,
      body: form,
    });
    // GitHub refuses with a 200.
    if (status !== 200 || body.error !== undefined)
      throw new DomainError("provider-refused", { reason: wordOf(body.error) ?? `token-${status}` });
    return new OAuth2Tokens(body);
  }
}

/** RFC 6749 §4.1.2.1 and OpenID Connect Core 1.0 §3.1.2.6. */
function refusalOf(error: string): DomainError {
  if (["access_denied", "login_required", "interaction_required", "consent_required"].includes(error))
    return new DomainError("sign-in-declined", { reason: error });
  if (error === "temporarily_unavailable" || error === "server_error")
    return new DomainError("provider-unavailable", { reason: error });
  return new DomainError("provider-refused", { reason: wordOf(error) ?? "error" });
}

/** A provider's error code, if it is one: it stands in our log, and comes from elsewhere. */
function wordOf(error: unknown): string | undefined {
  return typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : undefined;
}
