import { redirect } from "react-router";
import { visitContext } from "#app/http/context.ts";
import type { Route } from "./+types/home";

/** No page of its own: each goes to where their work is. */
export function loader({ context }: Route.LoaderArgs) {
  const { user } = context.get(visitContext);
  if (!user) throw redirect("/login");
  throw redirect(user.providerRole ? "/admin" : "/accounts");
}

export default function Home() {
  return null;
}
