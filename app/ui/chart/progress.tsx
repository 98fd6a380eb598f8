import type { ReactNode } from "react";

export interface ProgressProps {
  label: string;
  /** How much of `total` is done; left out while nobody knows. */
  done?: number;
  total?: number;
  /** In words: "120 of 400 objects". */
  children?: ReactNode;
}

/** How far a long job has come. */
export function Progress({ label, done, total, children }: ProgressProps) {
  return (
    <div>
      <progress aria-label={label} value={total ? done : undefined} max={total || undefined} />
      {children && <p className="mt-1 text-sm text-muted">{children}</p>}
    </div>
  );
}
