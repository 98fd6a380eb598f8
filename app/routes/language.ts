import { redirect } from "react-router";
import { changeLocale } from "#app/domain/identity/change-locale.ts";
import { visitContext } from "#app/http/context.ts";
import { domainContext, ownPath, postedForm } from "#app/http/handlers.server.ts";
import { localeCookie } from "#app/http/i18n.server.ts";
import { defaultLocale, isLocale } from "#app/locales/index.ts";
import type { Route } from "./+types/language";

/** Keeps the chosen language: in a cookie, and for mail with the person who is signed in. */
export async function action(args: Route.ActionArgs) {
  const form = await postedForm(args);
  const chosen = form.get("locale");
  const locale = isLocale(chosen) ? chosen : defaultLocale;
  if (args.context.get(visitContext).user) await changeLocale(domainContext(args.context), { locale });
  return redirect(ownPath(textOf(form.get("returnTo")), "/"), {
    headers: { "Set-Cookie": await localeCookie.serialize(locale) },
  });
}

function textOf(value: FormDataEntryValue | null): string | null {
  return typeof value === "string" ? value : null;
}

/** Reloaded, or typed in. */
export function loader() {
  return redirect("/");
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function Language() {
  return null;
}
