import { redirect } from "react-router";
import { markAllRead } from "#app/domain/notifications/mark-read.ts";
import { redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/reading-all";

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, markAllRead, () =>
    redirectWithFlash(`/notifications${args.url.search}`, t("notifications.markAllReadDone")),
  );
}

/** The form stands on the list. */
export function loader() {
  return redirect("/notifications");
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function ReadAllNotifications() {
  return null;
}
