import { redirect } from "react-router";
import { isTheme } from "#app/domain/identity/profile/states.ts";
import { ownPath, postedForm } from "#app/http/handlers.server.ts";
import { keepTheme } from "#app/http/theme.server.ts";
import type { Route } from "./+types/theme";

/** Keeps the chosen theme in this browser, and goes back to where it was chosen. */
export async function action(args: Route.ActionArgs) {
  const form = await postedForm(args);
  const chosen = form.get("theme");
  const returnTo = form.get("returnTo");
  return redirect(ownPath(typeof returnTo === "string" ? returnTo : null, "/"), {
    headers: { "Set-Cookie": await keepTheme(isTheme(chosen) ? chosen : "system") },
  });
}

/** Reloaded, or typed in. */
export function loader() {
  return redirect("/");
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function ThemeChoice() {
  return null;
}
