import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../form/button.tsx";
import { useHydrated } from "../use-hydrated.ts";
import { Notice } from "./notice.tsx";

/** Text to be taken elsewhere: settings, commands. Scrolls sideways, by keyboard too. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  const labelId = useId();
  return (
    <figure className="rounded-card border border-line">
      <figcaption className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-1">
        <span id={labelId} className="text-sm font-semibold">
          {label}
        </span>
        <CopyButton text={code} />
      </figcaption>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls it only while it has focus.
        tabIndex={0}
        aria-labelledby={labelId}
        className="overflow-x-auto rounded-b-card bg-sunken px-4 py-3"
      >
        <pre className="text-sm">{code}</pre>
      </section>
    </figure>
  );
}

export interface SecretOnceProps {
  label: string;
  secret: string;
  /** In place of the warning that it is shown once, where losing it costs nothing. */
  title?: string;
  /** What to do with it, below that. */
  children?: ReactNode;
}

/** A secret at the one moment at which it can be seen. A click or a tap selects all of it. */
export function SecretOnce({ label, secret, title, children }: SecretOnceProps) {
  const { t } = useTranslation();
  return (
    <div className="space-y-3">
      <Notice tone={title ? "info" : "warning"} title={title ?? t("common.secret.onceOnly")}>
        {children}
      </Notice>
      <div
        className={`rounded-card border-2 bg-surface px-4 py-3 ${title ? "border-line" : "border-warning"}`}
      >
        <p className="text-sm font-semibold">{label}</p>
        <div className="mt-1 flex flex-wrap items-center justify-between gap-3">
          <code className="min-w-0 text-base break-all select-all">{secret}</code>
          <CopyButton text={secret} />
        </div>
      </div>
    </div>
  );
}

/** Where JavaScript runs and the page may use the clipboard (HTTPS or loopback); nothing elsewhere. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const hydrated = useHydrated();
  const [copied, setCopied] = useState(false);
  if (!hydrated || !navigator.clipboard) return null;

  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }

  return (
    <span className="shrink-0 print:hidden">
      <Button onClick={copy}>{t("common.copy")}</Button>
      <span role="status" className="text-sm text-success">
        {copied && <span className="ms-2">{t("common.copied")}</span>}
      </span>
    </span>
  );
}
