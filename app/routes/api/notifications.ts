import { countUnread, listNotifications } from "#app/domain/notifications/read-notifications.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/notifications";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

/** `unread` counts all that are, up to 100. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const [{ rows, next }, unread] = await Promise.all([
      listNotifications(context, Object.fromEntries(args.url.searchParams)),
      countUnread(context),
    ]);
    return { notifications: rows, next, unread };
  });
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, {});
}
