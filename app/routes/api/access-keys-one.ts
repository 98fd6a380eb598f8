import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/access-keys-one";

export function loader(args: Route.LoaderArgs) {
  return respond(args, (context) => getAccessKey(context, uuidOr404(args.params.key)));
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
