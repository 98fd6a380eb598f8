import { hostCookie } from "./host-cookie.server.ts";

/**
 * The secret that the page offered, encrypted: a phone drops the page while its owner is in the app that has just been
 * given it. On the way back, the same stands there.
 */
const offerCookie = hostCookie("second-factor-offer", {
  maxAge: 30 * 60,
});

/** What this browser was offered; whose it is shows when it is opened. */
export async function readOffer(request: Request): Promise<unknown> {
  return offerCookie.parse(request.headers.get("Cookie")).catch(() => null);
}

/** `Set-Cookie` that keeps an offer. */
export function keepOffer(sealedSecret: string): Promise<string> {
  return offerCookie.serialize(sealedSecret);
}
