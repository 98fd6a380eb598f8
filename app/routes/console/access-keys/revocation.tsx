import { useTranslation } from "react-i18next";
import { revokeAccessKey } from "#app/domain/access-keys/revoke-access-key.ts";
import { isStanding } from "#app/domain/access-keys/states.ts";
import { translator } from "#app/http/i18n.server.ts";
import type { Route } from "./+types/revocation";
import { loadKey, submitKey } from "./confirm-key.ts";
import { KeyConfirmation } from "./key-confirmation.tsx";

export function loader(args: Route.LoaderArgs) {
  return loadKey(args, "access-keys:revoke", isStanding);
}

export function action(args: Route.ActionArgs) {
  const text = translator(args.context)("accessKeys.revocation.done");
  return submitKey(args, revokeAccessKey, { state: "revoked", text });
}

export default function RevokeAccessKey({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  return (
    <KeyConfirmation
      accessKey={loaderData}
      params={params}
      title={t("accessKeys.revocation.title", { key: loaderData.name })}
      intro={t("accessKeys.revocation.intro")}
      submit={t("accessKeys.revocation.submit")}
      isDangerous
      refusal={actionData}
    />
  );
}
