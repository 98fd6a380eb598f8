import { redirect } from "react-router";
import { logOut } from "#app/domain/identity/log-out.ts";
import { newToken } from "#app/domain/identity/token.ts";
import { visitContext } from "#app/http/context.ts";
import { domainContext } from "#app/http/handlers.server.ts";
import { sessionCookie } from "#app/http/session.server.ts";
import type { Route } from "./+types/logout";

export async function action({ context }: Route.ActionArgs) {
  const { user } = context.get(visitContext);
  if (user) await logOut(domainContext(context), { sessionId: user.sessionId });
  return redirect("/login", { headers: { "Set-Cookie": await sessionCookie.serialize(newToken()) } });
}

/** Reloaded, or typed in. */
export function loader() {
  return redirect("/");
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function LogOut() {
  return null;
}
