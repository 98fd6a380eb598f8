import { markAllRead } from "#app/domain/notifications/mark-read.ts";
import { byMethod, methodNotAllowed, respondTo } from "#app/http/handlers.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/notifications-read-all";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];
export const loader = methodNotAllowed;

export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, markAllRead) });
}
