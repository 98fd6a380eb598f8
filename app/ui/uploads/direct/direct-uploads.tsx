import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Notice } from "../../layout/notice.tsx";
import { Section } from "../../layout/section.tsx";
import { uploadApi } from "./upload-api.ts";
import { emptyQueue, UploadQueue } from "./upload-queue.ts";
import { UnfinishedRow, UploadRow } from "./upload-row.tsx";
import { useStepAnnouncements } from "./use-step-announcements.ts";

interface DirectUploadsProps {
  /** The form whose files are taken, by its id. */
  formId: string;
  bucketId: string;
  /** Where the console begins and completes uploads. */
  api: string;
  /** The storage's public address. */
  endpoint: string;
  /** What stands before the files' names where the form has no field for it. */
  prefix: string;
  objectsHref: string;
}

/**
 * Takes the files of the form, once JavaScript runs, and sends them straight to the storage. Where that cannot be reached
 * the form is left as it is, and works as it does without JavaScript.
 */
export default function DirectUploads({
  formId,
  bucketId,
  api,
  endpoint,
  prefix,
  objectsHref,
}: DirectUploadsProps) {
  const { t } = useTranslation();
  const [queue] = useState(() => new UploadQueue({ api: uploadApi(api), bucket: bucketId, endpoint }));
  const { uploads, unfinished, unreachable } = useSyncExternalStore(
    queue.subscribe,
    queue.snapshot,
    () => emptyQueue,
  );
  const announcement = useStepAnnouncements(uploads);
  useFilesOf(formId, queue, prefix, unreachable === null);
  useLeavingWarning(uploads.some(({ state }) => state === "sending" || state === "finishing"));

  return (
    <div className="mt-8 max-w-xl">
      <p role="status" className="sr-only">
        {announcement}
      </p>
      {unreachable && (
        <div role="alert">
          <Notice tone="warning" title={t("uploads.direct.unreachableTitle")}>
            {t(`uploads.direct.unreachable.${unreachable}`, { endpoint })} {t("uploads.direct.useForm")}
          </Notice>
        </div>
      )}
      {uploads.length > 0 && (
        <Section
          title={t("uploads.direct.title")}
          actions={<Link to={objectsHref}>{t("uploads.direct.see")}</Link>}
        >
          <ul className="space-y-4">
            {uploads.map((upload) => (
              <UploadRow key={upload.id} upload={upload} queue={queue} />
            ))}
          </ul>
        </Section>
      )}
      {unfinished.length > 0 && (
        <Section title={t("uploads.direct.unfinished")} description={t("uploads.direct.unfinishedHint")}>
          <ul className="space-y-4">
            {unfinished.map((upload) => (
              <UnfinishedRow key={upload.uploadId} upload={upload} queue={queue} />
            ))}
          </ul>
        </Section>
      )}
    </div>
  );
}

/** A native listener, so that one form is both: with nothing chosen, it is sent and the server says so. */
function useFilesOf(formId: string, queue: UploadQueue, prefix: string, isOn: boolean): void {
  useEffect(() => {
    const form = document.getElementById(formId);
    if (!isOn || !(form instanceof HTMLFormElement)) return;
    const take = (event: SubmitEvent) => {
      const data = new FormData(form);
      const files = data.getAll("files").filter((file) => file instanceof File && file.name !== "") as File[];
      if (files.length === 0) return;
      event.preventDefault();
      const typed = data.get("prefix");
      const before = typeof typed === "string" ? typed : prefix;
      const keepExisting = data.has("keepExisting");
      queue.add(files.map((file) => ({ key: before + file.name, file, keepExisting })));
      const input = form.elements.namedItem("files");
      if (input instanceof HTMLInputElement) input.value = "";
    };
    form.addEventListener("submit", take);
    return () => form.removeEventListener("submit", take);
  }, [formId, queue, prefix, isOn]);

  // Not what `isOn` changes: the page itself goes away.
  useEffect(() => () => queue.stop(), [queue]);
}

function useLeavingWarning(isSending: boolean): void {
  useEffect(() => {
    if (!isSending) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isSending]);
}
