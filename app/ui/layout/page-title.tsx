import { useTranslation } from "react-i18next";

/**
 * The title of the document; React puts it into `<head>`. It is rendered with the page's heading and
 * not by a route's `meta`, which knows neither the language nor whether a form was refused.
 */
export function PageTitle({ title, invalid = false }: { title: string; invalid?: boolean }) {
  const { t } = useTranslation();
  const shown = invalid ? t("common.form.errorTitle", { title }) : title;
  return <title>{`${shown} · ${t("common.productName")}`}</title>;
}
