import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { CorsRule } from "#app/domain/bucket-settings/read-settings.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { type Breadcrumb, PageHeader } from "#app/ui/layout/page-header.tsx";

/** What a rule says; its name is where it is listed. */
export function RuleDetails({ rule }: { rule: CorsRule }) {
  const { t } = useTranslation();
  return (
    <DescriptionList
      items={[
        { term: t("bucketSettings.cors.origins"), details: <CodeLines lines={rule.allowedOrigins} /> },
        { term: t("bucketSettings.cors.methods"), details: rule.allowedMethods.join(", ") },
        { term: t("bucketSettings.cors.headers"), details: <CodeLines lines={rule.allowedHeaders ?? []} /> },
        {
          term: t("bucketSettings.cors.exposeHeaders"),
          details: <CodeLines lines={rule.exposeHeaders ?? []} />,
        },
        {
          term: t("bucketSettings.cors.maxAge"),
          details: rule.maxAgeSeconds ?? "–",
        },
      ]}
    />
  );
}

interface RuleGoneProps {
  title: string;
  breadcrumbs: Breadcrumb[];
  /** The list of rules. */
  list: string;
}

/** In place of a rule that somebody deleted, or that never was. */
export function RuleGone({ title, breadcrumbs, list }: RuleGoneProps) {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={title} breadcrumbs={breadcrumbs} />
      <Notice tone="warning" title={t("bucketSettings.cors.gone")}>
        <Link to={list}>{t("bucketSettings.cors.link")}</Link>
      </Notice>
    </>
  );
}

/** Origins or names of headers, each on its line. */
function CodeLines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return "–";
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          <code className="wrap-anywhere">{line}</code>
        </li>
      ))}
    </ul>
  );
}
