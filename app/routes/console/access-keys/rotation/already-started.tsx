import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";

/** For a form that was posted again: the new key is there, its secret was in the first answer. */
export function AlreadyStarted({ params }: { params: { account: string; key: string } }) {
  const { t } = useTranslation();
  useBeginAtTop();
  return (
    <>
      <PageHeader
        title={t("accessKeys.alreadyShown.title")}
        breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
      />
      <Notice tone="warning" title={t("accessKeys.alreadyShown.lead")}>
        {t("rotations.alreadyStarted")}
      </Notice>
      <p className="mt-6 flex flex-wrap gap-2">
        <ButtonLink variant="primary" to={href("/accounts/:account/access-keys/:key/rotation", params)}>
          {t("rotations.notice.link")}
        </ButtonLink>
        <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation/undoing", params)}>
          {t("rotations.undoing.link")}
        </ButtonLink>
      </p>
    </>
  );
}
