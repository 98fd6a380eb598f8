import type { ReactNode } from "react";
import type { Tone } from "./tone.ts";

const tones: Record<Tone, string> = {
  neutral: "bg-sunken text-ink",
  info: "bg-accent-soft text-accent-strong",
  success: "bg-success-soft text-success",
  warning: "bg-warning-soft text-warning",
  danger: "bg-danger-soft text-danger",
};

/** The state of something: its words, a shape (in app.css) and a colour, in this order of importance. */
export function StateTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      data-tone={tone}
      className={`state-tag inline-flex items-center rounded-full px-2 py-0.5 whitespace-nowrap text-sm font-semibold ${tones[tone]}`}
    >
      {children}
    </span>
  );
}
