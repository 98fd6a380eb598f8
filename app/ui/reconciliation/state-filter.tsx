import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Those that wait, or those that are closed. */
export function StateFilter({ address, showsClosed }: { address: string; showsClosed: boolean }) {
  const { t } = useTranslation();
  const filters = [
    { to: address, label: t("reconciliation.waiting"), current: !showsClosed },
    { to: `${address}?state=closed`, label: t("reconciliation.closed"), current: showsClosed },
  ];
  return (
    <nav aria-label={t("reconciliation.filter")} className="mt-6 mb-3">
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {filters.map(({ to, label, current }) => (
          <li key={to}>
            <Link
              to={to}
              aria-current={current ? "true" : undefined}
              className="inline-block py-1 aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"
            >
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
