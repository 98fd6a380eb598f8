import { DomainError } from "#app/domain/errors.ts";
import { markRead } from "#app/domain/notifications/mark-read.ts";
import { requireOwnNotification } from "#app/domain/notifications/read-notifications.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { signedInMiddleware, uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/notifications-read";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

/** Nothing to read; a notification that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await requireOwnNotification(context, uuidOr404(args.params.notification));
    throw new DomainError("method-not-allowed");
  });
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () => respond(args, (context) => markRead(context, { id: uuidOr404(args.params.notification) })),
  });
}
