import { type Cookie, type CookieOptions, createCookie } from "react-router";
import { env } from "#app/ports/env.server.ts";

/** Over plain HTTP (a loopback installation) a browser keeps no `__Host-` cookie and no Secure one. */
export const isSecure = env.PUBLIC_URL.startsWith("https:");

/**
 * A cookie for this host alone, out of reach of scripts, and not sent along with what other sites post (ASVS 3.3.1 to
 * 3.3.4). It is signed where `secrets` are given.
 */
export function hostCookie(name: string, options: Pick<CookieOptions, "maxAge" | "secrets">): Cookie {
  return createCookie(hostCookieName(name), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isSecure,
    ...options,
  });
}

/** What a browser knows it by. */
export function hostCookieName(name: string): string {
  return isSecure ? `__Host-${name}` : name;
}
