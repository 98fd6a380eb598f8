import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../form/button.tsx";
import { formatPercent } from "../../format.ts";
import { displayKey } from "../../objects/object-address.ts";
import { useRootData } from "../../root-data.ts";
import { Bytes } from "../../values.tsx";
import type { UnfinishedUpload } from "./unfinished-uploads.ts";
import type { QueuedUpload, UploadQueue } from "./upload-queue.ts";

const row = "rounded-card border border-line bg-surface p-4";

/** One file on its way. */
export function UploadRow({ upload, queue }: { upload: QueuedUpload; queue: UploadQueue }) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const labelId = useId();
  const { id, key, sizeBytes, sentBytes, state, problem } = upload;
  const part = sizeBytes > 0 ? sentBytes / sizeBytes : Number(state === "stored");
  const isUnderWay = state === "waiting" || state === "sending";
  return (
    <li className={row}>
      <p id={labelId} className="font-semibold break-words">
        <bdi>{displayKey(key)}</bdi>
      </p>
      {state !== "failed" && (
        <progress aria-labelledby={labelId} className="mt-2 w-full accent-accent" max={1} value={part} />
      )}
      <p className="mt-1 text-sm">
        {t(`uploads.direct.states.${state}`)}
        {(isUnderWay || state === "paused") && (
          <>
            {" · "}
            {t("uploads.direct.share", { percent: formatPercent(Math.floor(part * 100) / 100, locale) })}{" "}
            <Bytes value={String(sizeBytes)} />
          </>
        )}
      </p>
      {problem && (
        <p className="mt-1 text-sm text-danger">
          {"text" in problem ? problem.text : t(`uploads.direct.problems.${problem.kind}`)}
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {isUnderWay && (
          <Button aria-describedby={labelId} onClick={() => queue.pause(id)}>
            {t("uploads.direct.pause")}
          </Button>
        )}
        {(state === "paused" || state === "failed") && (
          <Button aria-describedby={labelId} onClick={() => queue.resume(id)}>
            {t(state === "paused" ? "uploads.direct.resume" : "uploads.direct.again")}
          </Button>
        )}
        {(isUnderWay || state === "paused" || state === "failed") && (
          <Button aria-describedby={labelId} variant="quiet" onClick={() => void queue.cancel(id)}>
            {t("uploads.direct.cancel")}
          </Button>
        )}
      </div>
    </li>
  );
}

/** One of an earlier visit: a page may not open its file by itself. */
export function UnfinishedRow({ upload, queue }: { upload: UnfinishedUpload; queue: UploadQueue }) {
  const { t } = useTranslation();
  const labelId = useId();
  return (
    <li className={row}>
      <p id={labelId} className="font-semibold break-words">
        <bdi>{displayKey(upload.key)}</bdi>
      </p>
      <p className="mt-1 text-sm">
        <Bytes value={String(upload.sizeBytes)} />
      </p>
      <div className="mt-2">
        <Button aria-describedby={labelId} onClick={() => void queue.discard(upload)}>
          {t("uploads.direct.discard")}
        </Button>
      </div>
    </li>
  );
}
