import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { ButtonLink } from "#app/ui/form/button.tsx";

interface KeyActionsProps {
  can: { rotate: boolean; deactivate: boolean; reactivate: boolean; revoke: boolean };
  params: { account: string; key: string };
}

/** What can be done with a key, each on a page of its own. */
export function KeyActions({ can, params }: KeyActionsProps) {
  const { t } = useTranslation();
  return (
    <>
      {can.rotate && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation", params)}>
          {t("rotations.link")}
        </ButtonLink>
      )}
      {can.deactivate && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/deactivation", params)}>
          {t("keySettings.deactivation.link")}
        </ButtonLink>
      )}
      {can.reactivate && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/reactivation", params)}>
          {t("keySettings.reactivation.link")}
        </ButtonLink>
      )}
      {can.revoke && (
        <ButtonLink to={href("/accounts/:account/access-keys/:key/revocation", params)}>
          {t("accessKeys.revocation.link")}
        </ButtonLink>
      )}
    </>
  );
}
