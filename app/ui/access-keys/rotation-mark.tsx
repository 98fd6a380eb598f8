import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { RotationMark as Mark } from "#app/domain/rotations/read-rotations.ts";
import { InstallationTime } from "../values.tsx";

/** In the list of keys: that a key is being replaced, until when it works, or that it replaces another. */
export function RotationMark({ mark, params }: { mark: Mark | undefined; params: { account: string } }) {
  const { t } = useTranslation();
  if (!mark) return null;
  const { role, oldKeyId, until } = mark;
  return (
    <span className="block text-sm font-normal">
      <Link to={href("/accounts/:account/access-keys/:key/rotation", { ...params, key: oldKeyId })}>
        {t(`rotations.mark.${role}`)}
      </Link>
      {role === "old" && (
        <>
          : {t("rotations.mark.until")} <InstallationTime at={until} style="date" />
        </>
      )}
    </span>
  );
}
