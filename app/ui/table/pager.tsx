import { useTranslation } from "react-i18next";
import { ButtonLink } from "../form/button.tsx";

export interface PagerProps {
  /** Addresses of the pages beside this one, as far as there are any. */
  newer?: string | null;
  older?: string | null;
}

/** The way through a long list, a page at a time. */
export function Pager({ newer, older }: PagerProps) {
  const { t } = useTranslation();
  if (!newer && !older) return null;
  return (
    <nav aria-label={t("common.table.pages")} className="mt-4 flex flex-wrap gap-2">
      {newer && (
        <ButtonLink to={newer} rel="prev">
          ← {t("common.table.newer")}
        </ButtonLink>
      )}
      {older && (
        <ButtonLink to={older} rel="next">
          {t("common.table.older")} →
        </ButtonLink>
      )}
    </nav>
  );
}
