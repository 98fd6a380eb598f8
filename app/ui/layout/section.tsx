import { type ReactNode, useId } from "react";

export interface SectionProps {
  title: ReactNode;
  description?: ReactNode;
  /** Links and buttons that belong to this part of the page. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page under a heading of its own. */
export function Section({ title, description, actions, children }: SectionProps) {
  const headingId = useId();
  return (
    <section aria-labelledby={headingId} className="mt-8 first:mt-0">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div>
          <h2 id={headingId} className="text-lg">
            {title}
          </h2>
          {description && <p className="text-sm text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2 *:max-w-full">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

/** A raised surface. `flush` leaves out the padding, for a table that reaches its edges. */
export function Card({ flush = false, children }: { flush?: boolean; children: ReactNode }) {
  return (
    <div className={`rounded-card border border-line bg-surface ${flush ? "overflow-x-auto" : "p-4 sm:p-5"}`}>
      {children}
    </div>
  );
}
