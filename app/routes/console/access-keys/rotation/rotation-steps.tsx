import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import type { Step } from "#app/ui/layout/steps.tsx";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";
import type { ProgressProps } from "./progress.tsx";

/**
 * The way from one key to the other. Where the storage tells the last use of keys, a step is done once the keys' own
 * traffic shows it; otherwise the person knows, and the page does not.
 */
export function useRotationSteps({
  rotation,
  uses,
  params,
}: Pick<ProgressProps, "rotation" | "uses" | "params">): Step[] {
  const { t } = useTranslation();
  const { state, createdAt, startedBy, until, endedAt, newKey, isOpen } = rotation;
  const isOver = state !== "running";
  const isNewInUse = isOver || isDate(uses.new);
  const newPage = href("/accounts/:account/access-keys/:key", { ...params, key: newKey.id });
  return [
    {
      label: t("rotations.steps.made"),
      state: "done",
      details: (
        <>
          <Timestamp at={createdAt} />
          {startedBy && `, ${startedBy}`}
        </>
      ),
    },
    {
      label: t("rotations.steps.move"),
      state: isNewInUse ? "done" : "current",
      details: (
        <>
          <p>
            {t("rotations.steps.moveText")}{" "}
            {!isOver && <Link to={newPage}>{t("rotations.steps.settings")}</Link>}
          </p>
          {!isOver && uses.new !== "untold" && (
            <p>
              {t("rotations.steps.newUse")} <LastUse use={uses.new} />
            </p>
          )}
        </>
      ),
    },
    {
      label: t("rotations.steps.watch"),
      state: isOver ? "done" : isNewInUse && isOpen ? "current" : "todo",
      details: !isOver && (
        <>
          <p>
            {t("rotations.steps.oldUse")} <LastUse use={uses.old} />
          </p>
          <p>{t(uses.old === "untold" ? "rotations.steps.watchElse" : "rotations.steps.watchText")}</p>
        </>
      ),
    },
    {
      label: t("rotations.steps.end"),
      state: isOver ? "done" : isOpen ? "todo" : "current",
      details: endedAt ? (
        <Timestamp at={endedAt} />
      ) : (
        <>
          {t("rotations.steps.endText")} <InstallationTime at={until} />. {t("rotations.steps.endEarlier")}
        </>
      ),
    },
  ];
}

function isDate(use: unknown): boolean {
  return use instanceof Date;
}
