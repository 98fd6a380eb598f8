import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRootData } from "../root-data.ts";
import type { Tone } from "./tone.ts";

type NoticeTone = Exclude<Tone, "neutral">;

const tones: Record<NoticeTone, string> = {
  info: "border-accent bg-accent-soft",
  success: "border-success bg-success-soft",
  warning: "border-warning bg-warning-soft",
  danger: "border-danger bg-danger-soft",
};

export interface NoticeProps {
  tone?: NoticeTone;
  title?: ReactNode;
  children?: ReactNode;
}

/** Something to know before reading on. */
export function Notice({ tone = "info", title, children }: NoticeProps) {
  const { t } = useTranslation();
  return (
    <div className={`rounded-card border-s-6 px-4 py-3 ${tones[tone]}`}>
      <p className={title ? "font-semibold" : "sr-only"}>
        <span className="sr-only">{t(`common.notice.${tone}`)}: </span>
        {title}
      </p>
      {children && <div className={title ? "mt-1" : undefined}>{children}</div>}
    </div>
  );
}

/**
 * What the last act led to, once, at the top of the page after it. The live region is always there:
 * a screen reader tells of what appears in one, not of one that appears.
 */
export function Flash() {
  const { flash } = useRootData();
  return (
    <div role="status" className={flash ? "mb-6" : undefined}>
      {flash && <Notice tone={flash.tone} title={flash.text} />}
    </div>
  );
}
