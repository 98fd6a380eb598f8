import type { ReactNode } from "react";
import { BucketMark } from "./brand.tsx";

export interface EmptyStateProps {
  title: string;
  children?: ReactNode;
  /** The way to the first one, usually a `ButtonLink`. */
  action?: ReactNode;
}

/** In place of a list that has nothing yet: why, and how to begin. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="rounded-card border-2 border-dashed border-line px-6 py-10 text-center">
      <BucketMark className="mx-auto size-12 text-control" empty />
      <p className="mt-3 text-lg font-semibold">{title}</p>
      {children && <div className="mx-auto mt-1 max-w-prose text-balance text-muted">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
