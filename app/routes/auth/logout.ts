import { redirect } from "react-router";
import { logOut } from "#app/domain/identity/sessions/log-out.ts";
import { visitContext } from "#app/http/context.ts";
import { domainContext, ownPath, postedForm } from "#app/http/handlers.server.ts";
import { signedOutRedirect } from "#app/http/session.server.ts";
import type { Route } from "./+types/logout";

export async function action(args: Route.ActionArgs) {
  const { context } = args;
  const { user } = context.get(visitContext);
  const returnTo = (await postedForm(args)).get("returnTo");
  if (user) await logOut(domainContext(context), { sessionId: user.sessionId });
  return signedOutRedirect(ownPath(typeof returnTo === "string" ? returnTo : null, "/login"));
}

/** Reloaded, or typed in. */
export function loader() {
  return redirect("/");
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function LogOut() {
  return null;
}
