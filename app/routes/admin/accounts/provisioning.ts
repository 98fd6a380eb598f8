import { href, redirect } from "react-router";
import { retryProvisioning } from "#app/domain/accounts/retry-provisioning.ts";
import { redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/provisioning";

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const account = href("/admin/accounts/:account", args.params);
  return submit(args, retryProvisioning, () => redirectWithFlash(account, t("admin.provisioning.retried")));
}

/** The form stands on the account's page. */
export function loader({ params }: Route.LoaderArgs) {
  return redirect(href("/admin/accounts/:account", params));
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function Provisioning() {
  return null;
}
