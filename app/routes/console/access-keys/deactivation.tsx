import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { deactivateAccessKey } from "#app/domain/access-keys/switch-access-key.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/deactivation";
import { loadKey, submitKey } from "./confirm-key.ts";
import { KeyConfirmation } from "./key-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  const isPossible = (state: string) => state === "active" || state === "reactivating";
  return loadKey(args, "access-keys:deactivate", isPossible);
}

export function action(args: Route.ActionArgs) {
  const text = translator(args.context)("keySettings.deactivation.done");
  return submitKey(args, deactivateAccessKey, { state: "inactive", text });
}

export default function DeactivateAccessKey({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  return (
    <KeyConfirmation
      accessKey={loaderData}
      params={params}
      title={t("keySettings.deactivation.title", { key: loaderData.name })}
      intro={t("keySettings.deactivation.intro")}
      submit={t("keySettings.deactivation.submit")}
      isDangerous
      refusal={actionData}
      footer={
        <p>
          {t("keySettings.deactivation.orRevoke")}{" "}
          <Link to={href("/accounts/:account/access-keys/:key/revocation", params)}>
            {t("accessKeys.revocation.submit")}
          </Link>
        </p>
      }
    />
  );
}
