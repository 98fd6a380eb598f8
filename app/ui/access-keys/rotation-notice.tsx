import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { RotationOfKey } from "#app/domain/rotations/read-rotations.ts";
import { Notice } from "../layout/notice.tsx";
import { InstallationTime } from "../values.tsx";

export interface RotationNoticeProps {
  rotation: RotationOfKey | null;
  params: { account: string };
}

/** On the page of a key: which key replaces it, or is replaced by it. Nothing where the key is in no rotation. */
export function RotationNotice({ rotation, params }: RotationNoticeProps) {
  const { t } = useTranslation();
  if (!rotation || (rotation.state !== "running" && !isStory(rotation))) return null;
  const { role, state, until, oldKey, newKey } = rotation;
  const stage = state === "running" ? "running" : "finished";
  const other = role === "old" ? newKey : oldKey;
  const page = href("/accounts/:account/access-keys/:key", { ...params, key: other.id });
  const story = href("/accounts/:account/access-keys/:key/rotation", { ...params, key: oldKey.id });
  return (
    <div className="mb-6">
      <Notice
        tone={state === "running" && role === "old" ? "warning" : "info"}
        title={t(role === "old" ? `rotations.notice.old.${stage}` : "rotations.notice.new.running")}
      >
        <p className="break-words">
          {t(role === "old" ? "rotations.notice.old.other" : "rotations.notice.new.other")}{" "}
          <Link to={page}>{other.name}</Link>
        </p>
        {state === "running" && (
          <p>
            {t("rotations.bothUntil")} <InstallationTime at={until} />
          </p>
        )}
        <p>
          <Link to={story}>{t("rotations.notice.link")}</Link>
        </p>
      </Notice>
    </div>
  );
}

/** What has ended is worth a word on the key that is gone, which people look at to see why. */
function isStory({ role, state }: RotationOfKey): boolean {
  return role === "old" && state === "finished";
}
