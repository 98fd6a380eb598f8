import { env } from "#app/ports/env.server.ts";
import type { PendingIdentity } from "./pending-identity.ts";

/** The providers that people may sign in with, in the order of the settings. */
export function listProviders(): { id: string; name: string }[] {
  return env.SIGN_IN_PROVIDERS.map(({ id, name }) => ({ id, name }));
}

/** A provider's name as people know it; its id where the settings have it no more. */
export function providerName(id: string): string {
  return env.SIGN_IN_PROVIDERS.find((provider) => provider.id === id)?.name ?? id;
}

/** Whether somebody can still come in by an identity: its provider is set up, and is the same one as then. */
export function isUsable({ provider, issuer }: { provider: string; issuer: string }): boolean {
  return env.SIGN_IN_PROVIDERS.some((known) => known.id === provider && known.issuer === issuer);
}

/**
 * The address that the provider proves to be the person's: one that it calls verified, of a domain that the settings
 * trust it with. Null otherwise: an address alone links nobody to anything (ASVS 6.8.1).
 */
export function provenEmail({ provider, issuer, email, emailVerified }: PendingIdentity): string | null {
  const known = env.SIGN_IN_PROVIDERS.find(({ id }) => id === provider);
  if (!known || known.issuer !== issuer || !email || !emailVerified) return null;
  return known.trustedDomains.includes(email.slice(email.lastIndexOf("@") + 1)) ? email : null;
}
