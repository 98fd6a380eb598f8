import { markRead } from "#app/domain/notifications/mark-read.ts";
import { byMethod, methodNotAllowed, respond } from "#app/http/handlers.server.ts";
import { signedInMiddleware, uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/notifications-read";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];
export const loader = methodNotAllowed;

export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () => respond(args, (context) => markRead(context, { id: uuidOr404(args.params.notification) })),
  });
}
