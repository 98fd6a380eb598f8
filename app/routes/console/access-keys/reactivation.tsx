import { useTranslation } from "react-i18next";
import { reactivateAccessKey } from "#app/domain/access-keys/switch-access-key.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/reactivation";
import { loadKey, submitKey } from "./confirm-key.ts";
import { KeyConfirmation } from "./key-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  const isPossible = (state: string) => state === "inactive" || state === "deactivating";
  return loadKey(args, "access-keys:reactivate", isPossible);
}

export function action(args: Route.ActionArgs) {
  const text = translator(args.context)("keySettings.reactivation.done");
  return submitKey(args, reactivateAccessKey, { state: "active", text });
}

export default function ReactivateAccessKey({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  return (
    <KeyConfirmation
      accessKey={loaderData}
      params={params}
      title={t("keySettings.reactivation.title", { key: loaderData.name })}
      intro={t("keySettings.reactivation.intro")}
      submit={t("keySettings.reactivation.submit")}
      refusal={actionData}
    />
  );
}
