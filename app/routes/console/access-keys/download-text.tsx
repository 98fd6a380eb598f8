import { useTranslation } from "react-i18next";

/**
 * Saves a text of this very page as a file. The file is in the link itself: it works without JavaScript, and what it
 * says, which may be a secret, has no address that it could be asked for again.
 */
export function DownloadText({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation();
  return (
    <p className="text-sm print:hidden">
      <a download={name} href={`data:application/octet-stream,${encodeURIComponent(`${text}\n`)}`}>
        {t("keySettings.clients.download", { file: name })}
      </a>
    </p>
  );
}
