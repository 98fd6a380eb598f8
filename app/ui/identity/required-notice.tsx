import { useTranslation } from "react-i18next";
import type { Requirement } from "#app/domain/identity/second-factor/requirement.ts";
import { Notice } from "../layout/notice.tsx";

/** Why somebody must have a second factor; nothing where nobody asks. */
export function RequiredNotice({ requirement }: { requirement: Requirement }) {
  const { t, i18n } = useTranslation();
  const { isStaff, accounts } = requirement;
  if (!isStaff && accounts.length === 0) return null;
  const names = new Intl.ListFormat(i18n.language).format(accounts);
  return (
    <Notice title={t("secondFactor.required.title")}>
      {isStaff && <p>{t("secondFactor.required.staff")}</p>}
      {accounts.length > 0 && <p>{t("secondFactor.required.accounts", { names, count: accounts.length })}</p>}
    </Notice>
  );
}
