import { useTranslation } from "react-i18next";
import type { LastUse as LastUseOfKey } from "#app/domain/access-keys/last-use.ts";
import { Timestamp } from "../values.tsx";

export interface LastUseProps {
  use: LastUseOfKey | undefined;
  /** Says how exact the time is. */
  explained?: boolean;
}

/** When a key was last used, as far as it is known. */
export function LastUse({ use = "unknown", explained = false }: LastUseProps) {
  const { t } = useTranslation();
  if (typeof use === "string") return t(`rotations.lastUse.${use}`);
  return (
    <>
      <Timestamp at={use} />
      {explained && <span className="block text-sm text-muted">{t("rotations.lastUse.exactness")}</span>}
    </>
  );
}
