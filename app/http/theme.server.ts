import { createCookie } from "react-router";
import { isTheme, type Theme } from "#app/domain/identity/profile/states.ts";
import { isSecure } from "./host-cookie.server.ts";

/** The theme that somebody chose in this browser; it belongs to the screen, not to the person. */
const themeCookie = createCookie("theme", {
  path: "/",
  sameSite: "lax",
  httpOnly: true,
  secure: isSecure,
  maxAge: 60 * 60 * 24 * 365,
});

/** "system" where nothing, or nothing that we know, was chosen. */
export async function readTheme(request: Request): Promise<Theme> {
  const chosen: unknown = await themeCookie.parse(request.headers.get("Cookie")).catch(() => null);
  return isTheme(chosen) ? chosen : "system";
}

/** `Set-Cookie` that keeps the choice, or forgets it where the device is to decide. */
export function keepTheme(theme: Theme): Promise<string> {
  return theme === "system" ? themeCookie.serialize("", { maxAge: 0 }) : themeCookie.serialize(theme);
}
