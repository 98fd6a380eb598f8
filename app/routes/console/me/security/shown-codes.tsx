import { useTranslation } from "react-i18next";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { RecoveryCodes } from "#app/ui/identity/recovery-codes.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";

interface Props {
  title: string;
  goOn: string;
}

/** New recovery codes: the only page that ever shows them. */
export function ShownCodes({ title, codes, goOn }: Props & { codes: string[] }) {
  useBeginAtTop();
  return (
    <>
      <SecurityHeader title={title} />
      <RecoveryCodes codes={codes} goOn={goOn} />
    </>
  );
}

/** For a form that was posted again: the codes were in the first answer. */
export function AlreadyShown({ title, goOn }: Props) {
  const { t } = useTranslation();
  useBeginAtTop();
  return (
    <div className="max-w-xl space-y-5">
      <SecurityHeader title={title} />
      <Notice tone="warning" title={t("secondFactor.alreadyShown.title")}>
        {t("secondFactor.alreadyShown.text")}
      </Notice>
      <p className="flex flex-wrap gap-2">
        <ButtonLink variant="primary" to={goOn}>
          {t("secondFactor.codes.goOn")}
        </ButtonLink>
        <ButtonLink to="/me/security/second-factor/recovery-codes">
          {t("secondFactor.renewal.link")}
        </ButtonLink>
      </p>
    </div>
  );
}

function SecurityHeader({ title }: { title: string }) {
  const { t } = useTranslation();
  return (
    <PageHeader
      title={title}
      breadcrumbs={[{ label: t("secondFactor.security.title"), to: "/me/security" }]}
    />
  );
}
