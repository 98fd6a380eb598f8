import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export interface Step {
  label: string;
  state: "done" | "current" | "todo";
  details?: ReactNode;
}

const marks: Record<Step["state"], { symbol: string; className: string }> = {
  done: { symbol: "✓", className: "border-success bg-success-soft text-success" },
  current: { symbol: "…", className: "border-accent bg-accent-soft text-accent-strong" },
  todo: { symbol: "", className: "border-control" },
};

/** The stages of something that takes a while, and how far it has come. */
export function Steps({ steps }: { steps: Step[] }) {
  const { t } = useTranslation();
  return (
    <ol className="space-y-3">
      {steps.map(({ label, state, details }) => (
        <li key={label} className="flex gap-3" aria-current={state === "current" ? "step" : undefined}>
          <span
            aria-hidden="true"
            className={`flex size-6 shrink-0 items-center justify-center rounded-full border-2 text-sm font-bold ${marks[state].className}`}
          >
            {marks[state].symbol}
          </span>
          <div>
            <span className={state === "todo" ? "text-muted" : "font-semibold"}>{label}</span>
            <span className="sr-only"> ({t(`common.step.${state}`)})</span>
            {details && <div className="text-sm text-muted">{details}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
