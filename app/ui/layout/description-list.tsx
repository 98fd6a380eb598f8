import type { ReactNode } from "react";

export interface Description {
  term: string;
  details: ReactNode;
}

/** Names and their values, the facts of one thing. */
export function DescriptionList({ items }: { items: Description[] }) {
  return (
    <dl className="divide-y divide-line">
      {items.map(({ term, details }) => (
        <div
          key={term}
          className="gap-4 py-2 first:pt-0 last:pb-0 sm:grid sm:grid-cols-[min(12rem,34%)_minmax(0,1fr)]"
        >
          <dt className="text-muted">{term}</dt>
          <dd>{details}</dd>
        </div>
      ))}
    </dl>
  );
}
