import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { deactivateAccessKey } from "#app/domain/access-keys/switch-access-key.ts";
import { DomainError } from "#app/domain/errors.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/access-keys-deactivate";

/** Nothing to read; a key that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await getAccessKey(context, uuidOr404(args.params.key));
    throw new DomainError("method-not-allowed");
  });
}

/** `inactive`, or `deactivating` where the engine has not confirmed yet. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () => respond(args, (context) => deactivateAccessKey(context, { id: uuidOr404(args.params.key) })),
  });
}
