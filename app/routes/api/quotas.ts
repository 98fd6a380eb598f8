import { readQuotas } from "#app/domain/quotas/read-quotas.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/quotas";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => ({ quotas: await readQuotas(context) }));
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
