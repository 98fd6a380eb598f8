import { useTranslation } from "react-i18next";
import { href, NavLink } from "react-router";

/** The pages about one bucket, below the heading of each of them. */
export function BucketTabs({ params }: { params: { account: string; bucket: string } }) {
  const { t } = useTranslation();
  const bucket = href("/accounts/:account/buckets/:bucket", params);
  const tabs = [
    { to: bucket, label: t("buckets.tabs.overview"), end: true },
    { to: `${bucket}/objects`, label: t("buckets.tabs.objects") },
    { to: `${bucket}/settings`, label: t("buckets.tabs.settings") },
    { to: `${bucket}/hidden-bytes`, label: t("buckets.tabs.hiddenBytes") },
  ];
  return (
    <nav aria-label={t("buckets.tabs.label")} className="-mt-2 mb-6 border-b border-line">
      <ul className="flex flex-wrap gap-x-6">
        {tabs.map(({ to, label, end = false }) => (
          <li key={to}>
            <NavLink
              to={to}
              end={end}
              className="inline-block border-b-2 border-transparent py-2 no-underline aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
            >
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
