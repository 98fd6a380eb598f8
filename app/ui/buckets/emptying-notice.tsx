import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";
import { isUnderWay } from "#app/domain/emptying/states.ts";
import { formatCount } from "../format.ts";
import { Notice } from "../layout/notice.tsx";
import { useRootData } from "../root-data.ts";

export interface EmptyingNoticeProps {
  /** The bucket's latest, as `findEmptying` answers it. */
  emptying: Pick<Emptying, "state" | "removedVersions" | "removedMarkers"> | null;
  params: { account: string; bucket: string };
}

/** That a bucket is being emptied, on its other pages. Nothing where it is not. */
export function EmptyingNotice({ emptying, params }: EmptyingNoticeProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  if (!emptying || !isUnderWay(emptying.state)) return null;
  const removed = formatCount(emptying.removedVersions + emptying.removedMarkers, locale);
  return (
    <div className="mb-6">
      <Notice
        tone="warning"
        title={t(emptying.state === "queued" ? "emptying.notice.waiting" : "emptying.notice.title")}
      >
        <p suppressHydrationWarning>{t("emptying.notice.text", { removed })}</p>
        <p>
          <Link to={href("/accounts/:account/buckets/:bucket/emptying", params)}>
            {t("emptying.notice.link")}
          </Link>
        </p>
      </Notice>
    </div>
  );
}
