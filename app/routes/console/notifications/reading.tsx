import { redirect } from "react-router";
import { markRead } from "#app/domain/notifications/mark-read.ts";
import { requireOwnNotification } from "#app/domain/notifications/read-notifications.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/reading";

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => markRead(context, { id: uuidOr404(args.params.notification) }),
    () => redirectWithFlash(`/notifications${args.url.search}`, t("notifications.markReadDone")),
  );
}

/** The form stands on the list. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    await requireOwnNotification(context, uuidOr404(args.params.notification));
    return redirect("/notifications");
  });
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function ReadNotification() {
  return null;
}
