import type { ReactNode } from "react";

/** A row of figures; a list of `Stat`. */
export function StatGrid({ children }: { children: ReactNode }) {
  return <dl className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">{children}</dl>;
}

export interface StatProps {
  label: string;
  /** `<Bytes>` or `<Count>`. */
  value: ReactNode;
  /** What the figure is measured against, or when. */
  note?: ReactNode;
  /** A `QuotaBar`. */
  children?: ReactNode;
}

/** One figure and what it counts. */
export function Stat({ label, value, note, children }: StatProps) {
  return (
    <div className="rounded-card border border-line bg-surface p-4">
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="mt-0.5 text-2xl font-semibold">{value}</dd>
      {children && <dd className="mt-2">{children}</dd>}
      {note && <dd className="mt-1 text-sm text-muted">{note}</dd>}
    </div>
  );
}
