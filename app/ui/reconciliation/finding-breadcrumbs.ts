import { useTranslation } from "react-i18next";
import type { Breadcrumb } from "../layout/page-header.tsx";

export interface FindingAddresses {
  /** Whose findings they are, for operators; null in the console, whose frame says so. */
  account: { name: string; to: string } | null;
  list: string;
  finding: string;
}

/** The way to an account's list of findings; the list itself stands at its end. */
export function useFindingBreadcrumbs({ account, list }: Omit<FindingAddresses, "finding">): Breadcrumb[] {
  const { t } = useTranslation();
  return [
    ...(account
      ? [
          { label: t("admin.accounts.title"), to: "/admin/accounts" },
          { label: account.name, to: account.to },
        ]
      : []),
    { label: t("reconciliation.title"), to: list },
  ];
}
