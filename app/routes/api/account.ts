import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/account";

export function loader(args: Route.LoaderArgs) {
  return respond(args, getAccount);
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
