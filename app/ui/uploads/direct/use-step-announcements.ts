import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { displayKey } from "../../objects/object-address.ts";
import type { QueuedUpload } from "./upload-queue.ts";

/** What a screen reader is told: each quarter of each file, and how it ended. Not every percent. */
export function useStepAnnouncements(uploads: readonly QueuedUpload[]): string {
  const { t } = useTranslation();
  const told = useRef(new Map<number, string>());
  const [announcement, setAnnouncement] = useState("");
  useEffect(() => {
    for (const { id, key, sizeBytes, sentBytes, state } of uploads) {
      const quarter = state === "sending" ? Math.floor((sentBytes / Math.max(1, sizeBytes)) * 4) * 25 : 0;
      const step = `${state} ${quarter}`;
      if (told.current.get(id) === step) continue;
      told.current.set(id, step);
      const what = state === "sending" ? `${quarter}%` : t(`uploads.direct.states.${state}`);
      setAnnouncement(`${displayKey(key)}: ${what}`);
    }
  }, [uploads, t]);
  return announcement;
}
