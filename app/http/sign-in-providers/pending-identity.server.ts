import {
  type PendingIdentity,
  pendingIdentityMinutes,
  sealPendingIdentity,
  unsealPendingIdentity,
} from "#app/domain/identity/providers/pending-identity.ts";
import { hostCookie } from "../host-cookie.server.ts";

/** Between a provider's answer and the sign-up, or the invitation, that it is for. */
const pendingCookie = hostCookie("pending-identity", {
  maxAge: pendingIdentityMinutes * 60,
});

/** The identity that this browser has just proved at a provider and that is of no user yet; null where there is none. */
export async function readPendingIdentity(request: Request): Promise<PendingIdentity | null> {
  const sealed: unknown = await pendingCookie.parse(request.headers.get("Cookie")).catch(() => null);
  return unsealPendingIdentity(sealed);
}

/** `Set-Cookie` that keeps it for what follows. */
export function keepPendingIdentity(identity: PendingIdentity): Promise<string> {
  return pendingCookie.serialize(sealPendingIdentity(identity));
}

/** `Set-Cookie` that forgets it, once it was used. */
export function clearPendingIdentity(): Promise<string> {
  return pendingCookie.serialize("", { maxAge: 0 });
}
