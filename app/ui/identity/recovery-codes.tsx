import { useTranslation } from "react-i18next";
import { Button, ButtonLink, buttonClass } from "../form/button.tsx";
import { Notice } from "../layout/notice.tsx";
import { useHydrated } from "../use-hydrated.ts";

interface RecoveryCodesProps {
  codes: string[];
  /** Where the person goes once they have kept them. */
  goOn: string;
}

/** Recovery codes at the one moment at which they can be seen: to print, to download, or to copy by hand. */
export function RecoveryCodes({ codes, goOn }: RecoveryCodesProps) {
  const { t } = useTranslation();
  const hydrated = useHydrated();
  return (
    <div className="max-w-xl space-y-5">
      <Notice tone="warning" title={t("secondFactor.codes.onceOnly")}>
        {t("secondFactor.codes.text")}
      </Notice>
      {/* On paper, where nothing else says what they open. */}
      <p className="hidden font-semibold print:block">{t("secondFactor.codes.fileTitle")}</p>
      <ol className="columns-1 gap-8 rounded-card border-2 border-warning bg-surface px-4 py-3 sm:columns-2">
        {codes.map((code) => (
          <li key={code} className="py-1">
            <code className="text-base whitespace-nowrap select-all">{code}</code>
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2 print:hidden">
        {/* The file is the address itself: nothing is asked of the server, which no longer knows the codes. */}
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(fileOf(t("secondFactor.codes.fileTitle"), codes))}`}
          download={t("secondFactor.codes.fileName")}
          className={buttonClass("secondary")}
        >
          {t("secondFactor.codes.download")}
        </a>
        {hydrated && <Button onClick={() => window.print()}>{t("secondFactor.codes.print")}</Button>}
        <ButtonLink variant="primary" to={goOn}>
          {t("secondFactor.codes.goOn")}
        </ButtonLink>
      </div>
    </div>
  );
}

/** Text as every system opens it. */
function fileOf(title: string, codes: string[]): string {
  return [title, "", ...codes, ""].join("\r\n");
}
