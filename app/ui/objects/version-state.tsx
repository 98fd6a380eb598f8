import { useTranslation } from "react-i18next";
import { StateTag } from "../layout/state-tag.tsx";

interface Standing {
  isDeleteMarker?: boolean;
  isLatest?: boolean;
}

/** Whether a version is the one that programs get. */
export function VersionState({ version: { isDeleteMarker, isLatest } }: { version: Standing }) {
  const { t } = useTranslation();
  if (isDeleteMarker) return <StateTag tone="warning">{t("objects.list.isMarker")}</StateTag>;
  return isLatest ? (
    <StateTag tone="success">{t("objects.list.isCurrent")}</StateTag>
  ) : (
    <StateTag tone="neutral">{t("objects.list.isNoncurrent")}</StateTag>
  );
}
