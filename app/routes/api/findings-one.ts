import { getFinding } from "#app/domain/reconciliation/read-findings.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/findings-one";

export function loader(args: Route.LoaderArgs) {
  return respond(args, (context) => getFinding(context, uuidOr404(args.params.finding)));
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
