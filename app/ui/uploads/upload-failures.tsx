import { useTranslation } from "react-i18next";
import { displayKey } from "../objects/object-address.ts";

export interface UploadReportShown {
  /** The files that were not stored, with why not in the reader's language. */
  failed: { key: string; reason: string }[];
  /** The keys of those that were. */
  stored: string[];
  /** Whether each file was looked at. */
  isComplete: boolean;
}

/** After an upload that did not store all: what is not there, why, and what is. */
export function UploadFailures({ report: { failed, stored, isComplete } }: { report: UploadReportShown }) {
  const { t } = useTranslation();
  return (
    <div
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: without JavaScript, the page that says no must begin here.
      autoFocus
      className="mb-6 rounded-card border-3 border-danger bg-surface p-4"
    >
      <h2 className="text-lg">{t("uploads.failed.title", { count: failed.length })}</h2>
      <ul className="mt-2 space-y-1">
        {failed.map(({ key, reason }) => (
          <li key={key}>
            <bdi className="font-semibold break-words">{displayKey(key)}</bdi>: {reason}
          </li>
        ))}
      </ul>
      {!isComplete && <p className="mt-2">{t("uploads.failed.rest")}</p>}
      {stored.length > 0 && (
        <>
          <h3 className="mt-4">{t("uploads.failed.stored", { count: stored.length })}</h3>
          <ul className="mt-1 space-y-1">
            {stored.map((key) => (
              <li key={key}>
                <bdi className="break-words">{displayKey(key)}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
