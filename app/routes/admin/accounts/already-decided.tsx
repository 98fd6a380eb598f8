import { useTranslation } from "react-i18next";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";

/** In place of a decision's form once somebody has decided: a colleague, or the same person in another tab. */
export function AlreadyDecided({ name, account }: { name: string; account: string }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={name} breadcrumbs={[{ label: t("admin.accounts.title"), to: "/admin/accounts" }]} />
      <Notice tone="warning" title={t("errors.already-decided")} />
      <p className="mt-6">
        <ButtonLink variant="primary" to={account}>
          {t("admin.account.link")}
        </ButtonLink>
      </p>
    </>
  );
}
