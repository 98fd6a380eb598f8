import { env } from "#app/ports/env.server.ts";
import type { FlashMessage } from "#app/ui/root-data.ts";
import { hostCookie } from "./host-cookie.server.ts";

/** The success message of a redirect: shown by the next page, then gone. Holds no secret. */
const flashCookie = hostCookie("flash", {
  secrets: env.SESSION_SECRETS,
  maxAge: 60,
});

/** The message that the redirect before left; null where there is none, or its signature is not ours. */
export async function readFlash(request: Request): Promise<FlashMessage | null> {
  return flashCookie.parse(request.headers.get("Cookie")).catch(() => null) as Promise<FlashMessage | null>;
}

/** `Set-Cookie` that leaves a message for the next page. */
export function leaveFlash(flash: FlashMessage): Promise<string> {
  return flashCookie.serialize(flash);
}

/** `Set-Cookie` that takes the message away once it was shown. */
export function clearFlash(): Promise<string> {
  return flashCookie.serialize("", { maxAge: 0 });
}
