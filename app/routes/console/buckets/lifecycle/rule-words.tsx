import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { sizeFields } from "#app/domain/lifecycle/byte-size.ts";
import type { LifecycleAtEngine, RuleShown } from "#app/domain/lifecycle/read-lifecycle.ts";
import { formatCount, formatTime } from "#app/ui/format.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { useRootData } from "#app/ui/root-data.ts";

type Rule = RuleShown["rule"];

/** What a rule does, one sentence for each of its actions. */
export function RuleActions({
  rule,
  versioning,
}: {
  rule: Rule;
  versioning: LifecycleAtEngine["versioning"];
}) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const { noncurrentExpiration: noncurrent, abortUploadsAfterDays: abortDays, unknown = [] } = rule;
  return (
    <ul className="space-y-1" suppressHydrationWarning>
      {rule.expiration && <li>{expirationWords(rule.expiration, versioning !== "unset", t, locale)}</li>}
      {noncurrent && <li>{t("lifecycle.does.noncurrent", { count: noncurrent.days })}</li>}
      {noncurrent?.newerVersions && (
        <li>{t("lifecycle.does.sparing", { count: noncurrent.newerVersions })}</li>
      )}
      {noncurrent && versioning === "unset" && (
        <li className="text-sm text-muted">{t("lifecycle.does.noVersions")}</li>
      )}
      {abortDays !== undefined && <li>{t("lifecycle.does.uploads", { count: abortDays })}</li>}
      {unknown.length > 0 && <li>{t("lifecycle.does.unknown", { parts: unknown.join(", ") })}</li>}
    </ul>
  );
}

function expirationWords(
  expiration: NonNullable<Rule["expiration"]>,
  keepsVersions: boolean,
  t: TFunction,
  locale: string,
): string {
  if ("expiredDeleteMarkers" in expiration) return t("lifecycle.does.markers");
  if ("days" in expiration) {
    const { days: count } = expiration;
    return keepsVersions ? t("lifecycle.does.hidesAfter", { count }) : t("lifecycle.does.days", { count });
  }
  // A midnight UTC: in the reader's own zone it may be another day.
  const date = formatTime(expiration.date, locale, "UTC", "date");
  return keepsVersions ? t("lifecycle.does.hidesFrom", { date }) : t("lifecycle.does.date", { date });
}

/** Which objects a rule is about. */
export function RuleScope({ filter }: { filter: Rule["filter"] }) {
  const { t } = useTranslation();
  const { prefix, tags = [], sizeGreaterThan, sizeLessThan } = filter;
  if (Object.keys(filter).length === 0) return t("lifecycle.about.all");
  return (
    <ul className="space-y-1">
      {prefix && (
        <li>
          {t("lifecycle.about.prefix")} <Verbatim>{prefix}</Verbatim>
        </li>
      )}
      {tags.map(({ key, value }) => (
        <li key={key}>
          {t("lifecycle.about.tag")} <Verbatim>{value ? `${key}=${value}` : key}</Verbatim>
        </li>
      ))}
      {sizeGreaterThan !== undefined && (
        <li>
          {t("lifecycle.about.larger")} <ExactSize bytes={sizeGreaterThan} />
        </li>
      )}
      {sizeLessThan !== undefined && (
        <li>
          {t("lifecycle.about.smaller")} <ExactSize bytes={sizeLessThan} />
        </li>
      )}
    </ul>
  );
}

/** As it was typed, spaces included. */
function Verbatim({ children }: { children: ReactNode }) {
  return <code className="wrap-anywhere whitespace-pre-wrap">{children}</code>;
}

/** To the byte, since a rule counts so. */
function ExactSize({ bytes }: { bytes: bigint }) {
  const { locale } = useRootData();
  const { size, unit } = sizeFields(bytes);
  return (
    <data value={String(bytes)} className="whitespace-nowrap" suppressHydrationWarning>
      {`${formatCount(Number(size), locale)}\u00a0${unit}`}
    </data>
  );
}

export function RuleState({ enabled }: { enabled: boolean }) {
  const { t } = useTranslation();
  return (
    <StateTag tone={enabled ? "success" : "neutral"}>
      {enabled ? t("lifecycle.states.on") : t("lifecycle.states.off")}
    </StateTag>
  );
}
