import type { OAuth2Tokens } from "arctic";
import { DomainError } from "#app/domain/errors.ts";
import type { PendingIdentity } from "#app/domain/identity/providers/pending-identity.ts";
import { email as emailSchema } from "#app/domain/identity/schema.ts";
import type { OAuth2Provider, OidcProvider, SignInProvider } from "#app/ports/env.server.ts";
import { isStorable } from "../body.server.ts";
import { askProvider } from "./ask-provider.server.ts";
import type { Attempt } from "./attempts.server.ts";
import type { Endpoints } from "./endpoints.server.ts";
import { verifyIdToken } from "./id-token.server.ts";

type Claims = Record<string, unknown>;

/** Who the person is, by the tokens that the provider gave for them. Throws `provider-refused`, `provider-unavailable`. */
export function readIdentity(
  provider: SignInProvider,
  endpoints: Endpoints,
  attempt: Attempt,
  tokens: OAuth2Tokens,
): Promise<PendingIdentity> {
  return provider.kind === "oidc"
    ? readOidcIdentity(provider, endpoints, attempt, tokens)
    : readOAuth2Identity(provider, endpoints, tokens);
}

async function readOidcIdentity(
  provider: OidcProvider,
  endpoints: Endpoints,
  attempt: Attempt,
  tokens: OAuth2Tokens,
): Promise<PendingIdentity> {
  const idToken = "id_token" in tokens.data ? tokens.data.id_token : undefined;
  if (typeof idToken !== "string") throw refused("id-token");
  const claims = await verifyIdToken(idToken, { provider, keys: endpoints.keys, attempt });
  // Many providers leave the address out of the token, and say it when asked.
  const isWhole = claims.email !== undefined || endpoints.userinfo === null;
  const more = isWhole ? {} : await askUserinfo(endpoints.userinfo, tokens);
  // OpenID Connect Core 1.0 §5.3.2: an answer about somebody else must not be used (ASVS 10.5.2).
  if (!isWhole && more.sub !== claims.sub) throw refused("userinfo-sub");
  const { email, email_verified: verified, name } = { ...more, ...claims };
  return identityOf(provider, claims.sub, { email, verified, name });
}

async function readOAuth2Identity(
  provider: OAuth2Provider,
  endpoints: Endpoints,
  tokens: OAuth2Tokens,
): Promise<PendingIdentity> {
  const claims = await askUserinfo(endpoints.userinfo, tokens);
  const { subject: subjectClaim, email, emailVerified, name } = provider.claims;
  const subject = subjectClaim ? claims[subjectClaim] : (claims.sub ?? claims.id);
  // GitHub and others count their users.
  const text = typeof subject === "number" && Number.isSafeInteger(subject) ? String(subject) : subject;
  if (typeof text !== "string" || text === "" || text.length > 255) throw refused("sub");
  const verified = emailVerified === null ? false : claims[emailVerified];
  return identityOf(provider, text, { email: claims[email], verified, name: claims[name] });
}

async function askUserinfo(url: string | null, tokens: OAuth2Tokens): Promise<Claims> {
  const { access_token: accessToken, token_type: type } = tokens.data as Claims;
  if (!url || typeof accessToken !== "string") throw refused("access-token");
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw refused("token-type");
  const { status, body } = await askProvider(url, {
    headers: { Accept: "application/json", Authorization: `Bearer ${accessToken}`, "User-Agent": "Balde" },
  });
  if (status !== 200) throw refused(`userinfo-${status}`);
  return body;
}

function identityOf(
  { id, issuer }: SignInProvider,
  subject: string,
  claims: { email: unknown; verified: unknown; name: unknown },
): PendingIdentity {
  if (!isStorable(subject)) throw refused("sub");
  const email = emailSchema.safeParse(claims.email);
  return {
    provider: id,
    issuer,
    subject,
    email: email.success ? email.data : null,
    // Some say it as text (Amazon Cognito).
    emailVerified: email.success && (claims.verified === true || claims.verified === "true"),
    name: typeof claims.name === "string" && isStorable(claims.name) ? shortened(claims.name) : null,
  };
}

/** By whole characters: half of one could not be written down. */
function shortened(name: string): string | null {
  return [...name.trim()].slice(0, 120).join("") || null;
}

function refused(reason: string): DomainError {
  return new DomainError("provider-refused", { reason });
}
