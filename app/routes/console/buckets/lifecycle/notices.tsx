import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { LifecycleAtEngine } from "#app/domain/lifecycle/read-lifecycle.ts";
import { Notice } from "#app/ui/layout/notice.tsx";

/** In place of the rules, or of a form about them, where the engine says nothing. */
export function RulesUnknown({ here }: { here: string }) {
  const { t } = useTranslation();
  return (
    <Notice tone="warning" title={t("lifecycle.unknown")}>
      <p>{t("lifecycle.unknownAdvice")}</p>
      <p>
        <Link to={here}>{t("common.refresh")}</Link>
      </p>
    </Notice>
  );
}

/** In place of them where the engine has no lifecycle rules. */
export function RulesUnsupported() {
  const { t } = useTranslation();
  return <Notice title={t("lifecycle.unsupported")}>{t("lifecycle.unsupportedAdvice")}</Notice>;
}

/** Why nothing can be added or changed: a rule that the console cannot write again, or as many as there can be. */
export function WhyNoChange({ rules, canAdd }: Pick<LifecycleAtEngine, "rules" | "canAdd">) {
  const { t } = useTranslation();
  const parts = [...new Set(rules.flatMap(({ rule }) => rule.unknown ?? []))];
  if (parts.length === 0) return canAdd ? null : <Notice title={t("lifecycle.full")} />;
  return (
    <Notice tone="warning" title={t("lifecycle.foreign.title")}>
      <p>{t("lifecycle.foreign.text", { parts: parts.join(", ") })}</p>
      <p>
        {rules.some(({ canDelete }) => canDelete)
          ? t("lifecycle.foreign.deletable")
          : t("lifecycle.foreign.several")}
      </p>
    </Notice>
  );
}

/** The parts of a rule that the engine would drop. */
export function NotOffered({ features }: { features: NonNullable<LifecycleAtEngine["features"]> }) {
  const { t } = useTranslation();
  const parts = [
    !features.noncurrentExpiration && t("lifecycle.notOffered.noncurrentExpiration"),
    !features.newerNoncurrentVersions && t("lifecycle.notOffered.newerNoncurrentVersions"),
    !features.expiredDeleteMarkers && t("lifecycle.notOffered.expiredDeleteMarkers"),
    !features.abortIncompleteUploads && t("lifecycle.notOffered.abortIncompleteUploads"),
    !features.tagFilters && t("lifecycle.notOffered.tagFilters"),
    !features.sizeFilters && t("lifecycle.notOffered.sizeFilters"),
  ].filter((part) => part !== false);
  if (parts.length === 0) return null;
  return (
    <Notice title={t("lifecycle.notOffered.title")}>
      <p>{t("lifecycle.notOffered.text")}</p>
      <ul className="list-disc ps-5">
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** When rules are carried out, and that there is no way back. */
export function WhenRulesRun({ engine }: Pick<LifecycleAtEngine, "engine">) {
  const { t } = useTranslation();
  return (
    <p className="max-w-prose">
      {engine === "embedded" ? t("lifecycle.runs.embedded") : t("lifecycle.runs.ceph")}{" "}
      <strong>{t("lifecycle.forGood")}</strong>
    </p>
  );
}
