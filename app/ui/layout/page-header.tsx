import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageTitle } from "./page-title.tsx";

export interface Breadcrumb {
  label: string;
  to: string;
}

export interface PageHeaderProps {
  /** The page's heading, and the title of the document. */
  title: string;
  /** Of the document, where the heading alone does not say enough. */
  documentTitle?: string;
  description?: ReactNode;
  /** The pages above this one, from the top. */
  breadcrumbs?: Breadcrumb[];
  /** A state beside the heading. */
  tag?: ReactNode;
  /** Links and buttons that belong to the page as a whole. */
  actions?: ReactNode;
  /** Says "Error:" in the document's title. */
  invalid?: boolean;
}

/** What a page is: the way to it, its heading, what can be done with it. */
export function PageHeader(props: PageHeaderProps) {
  const { title, documentTitle = title, description, breadcrumbs, tag, actions, invalid } = props;
  return (
    <div className="mb-6">
      <PageTitle title={documentTitle} invalid={invalid} />
      {breadcrumbs && <Breadcrumbs items={breadcrumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 grow basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="text-2xl">{title}</h1>
            {tag}
          </div>
          {description && <div className="mt-1 max-w-prose text-muted">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2 *:max-w-full">{actions}</div>}
      </div>
    </div>
  );
}

function Breadcrumbs({ items }: { items: Breadcrumb[] }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("common.breadcrumbs")} className="mb-1 text-sm">
      <ol className="flex flex-wrap gap-x-2">
        {items.map(({ label, to }, index) => (
          <li key={to} className="flex gap-x-2">
            {index > 0 && (
              <span aria-hidden="true" className="text-muted">
                /
              </span>
            )}
            <Link to={to}>{label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
