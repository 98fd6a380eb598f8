import type { z } from "zod";
import { identityInput } from "./schema.ts";
import { seal, unseal } from "./sealed-value.ts";

/** Who somebody is at another provider, just proved, and of no user here yet. */
export type PendingIdentity = z.infer<typeof identityInput>;

/** Time to sign up, or to accept an invitation, with a proof from a provider. */
export const pendingIdentityMinutes = 15;

/** For the browser to keep meanwhile, encrypted. */
export function sealPendingIdentity(identity: PendingIdentity): string {
  return seal("pending-identity", identity, pendingIdentityMinutes);
}

/** The identity that was sealed; null where there is none, or it is too old. */
export function unsealPendingIdentity(sealed: unknown): PendingIdentity | null {
  return unseal("pending-identity", sealed, identityInput);
}
