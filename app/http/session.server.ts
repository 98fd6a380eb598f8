import { createHmac, timingSafeEqual } from "node:crypto";
import { redirect } from "react-router";
import { absoluteLimitMs, type StartedSession } from "#app/domain/identity/sessions/sessions.ts";
import { newToken } from "#app/domain/identity/token.ts";
import { env } from "#app/ports/env.server.ts";
import { hostCookie } from "./host-cookie.server.ts";
import { localeCookie } from "./i18n.server.ts";

/**
 * A signed random id for every visitor. It becomes a session when somebody signs in, with a new id;
 * until then it only ties forms to the browser that they were sent to.
 */
export const sessionCookie = hostCookie("session", {
  secrets: env.SESSION_SECRETS,
  maxAge: absoluteLimitMs / 1_000,
});

/** The cookie's id, or null where there is none or its signature is not ours. */
export async function readSessionToken(request: Request): Promise<string | null> {
  const value: unknown = await sessionCookie.parse(request.headers.get("Cookie")).catch(() => null);
  return typeof value === "string" && value.length <= 100 ? value : null;
}

/** What each form carries: bound to the visitor's id, and worth nothing without its cookie. */
export function formTokenFor(sessionToken: string): string {
  return signFormToken(env.SESSION_SECRETS[0] ?? "", sessionToken);
}

/** Whether a form came from this visitor; each of SESSION_SECRETS counts. */
export function isFormToken(given: string, sessionToken: string): boolean {
  // In bytes: text of the same length can be longer, and the comparison throws where lengths differ.
  const bytes = Buffer.from(given);
  return env.SESSION_SECRETS.some((secret) => {
    const expected = Buffer.from(signFormToken(secret, sessionToken));
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

function signFormToken(secret: string, sessionToken: string): string {
  return createHmac("sha256", secret).update(`form:${sessionToken}`).digest("base64url");
}

/**
 * The answer to whatever signed somebody in: cookies with the new session and the person's own language, and the way to
 * `to`, over the second factor where one is due.
 */
export async function signedInRedirect(
  { token, secondFactorDue, locale }: StartedSession & { locale: string },
  to: string,
): Promise<Response> {
  const response = redirect(secondFactorDue ? withReturnTo("/login/second-factor", to) : to);
  response.headers.append("Set-Cookie", await sessionCookie.serialize(token));
  response.headers.append("Set-Cookie", await localeCookie.serialize(locale));
  return response;
}

/**
 * The answer to whatever ended the visitor's own session: a new id, and the way to sign in, or where that was asked.
 * What scripts kept in the browser goes too (ASVS 14.3.1): names of files that are half uploaded.
 */
export async function signedOutRedirect(to = "/login"): Promise<Response> {
  const cookie = await sessionCookie.serialize(newToken());
  return redirect(to, { headers: { "Set-Cookie": cookie, "Clear-Site-Data": '"storage"' } });
}

/** An address of ours that leads on to another one when its own work is done. */
export function withReturnTo(path: string, returnTo: string): string {
  return returnTo === "/" ? path : `${path}?returnTo=${encodeURIComponent(returnTo)}`;
}
