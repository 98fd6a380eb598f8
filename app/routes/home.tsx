import { redirect } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { visitContext } from "#app/http/context.ts";
import { domainContext } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/home";

/** No page of its own: each goes to where their work is. */
export function loader({ context }: Route.LoaderArgs) {
  if (!context.get(visitContext).user) throw redirect("/login");
  throw redirect(can(domainContext(context), "accounts:list") ? "/admin" : "/accounts");
}

export default function Home() {
  return null;
}
