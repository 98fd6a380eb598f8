import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Notice } from "#app/ui/layout/notice.tsx";
import { type Breadcrumb, PageHeader } from "#app/ui/layout/page-header.tsx";

interface SettingUnreadProps {
  title: string;
  breadcrumbs: Breadcrumb[];
  standing: "unknown" | "unsupported";
}

/** In place of a form whose setting the storage service does not tell, or does not have. */
export function SettingUnread({ title, breadcrumbs, standing }: SettingUnreadProps) {
  return (
    <>
      <PageHeader title={title} breadcrumbs={breadcrumbs} />
      <UnreadNotice standing={standing} />
    </>
  );
}

/** Why a setting is not shown, and what to do. */
export function UnreadNotice({ standing }: Pick<SettingUnreadProps, "standing">) {
  const { t } = useTranslation();
  const { search } = useLocation();
  if (standing === "unsupported") return <Notice title={t("bucketSettings.unsupported")} />;
  return (
    <Notice tone="warning" title={t("bucketSettings.unknown")}>
      <p>
        {t("bucketSettings.unknownAdvice")} <Link to={search || "."}>{t("common.refresh")}</Link>
      </p>
    </Notice>
  );
}
