import { useTranslation } from "react-i18next";
import {
  type ClientSettings,
  type Connection,
  clientSettings,
} from "#app/domain/access-keys/client-settings.ts";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { DownloadText } from "./download-text.tsx";

/** How to reach the storage with a key: its parts, and settings for common clients to copy or to download. */
export function ConnectionSettings({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  const { endpoint, region } = connection;
  return (
    <>
      <Section title={t("accessKeys.connection.title")}>
        <Card>
          <DescriptionList
            items={[
              {
                term: t("accessKeys.connection.endpoint"),
                details: <code className="break-all select-all">{endpoint}</code>,
              },
              { term: t("accessKeys.connection.region"), details: <code>{region}</code> },
              { term: t("accessKeys.connection.addressing"), details: t("accessKeys.connection.pathStyle") },
              { term: t("accessKeys.connection.limits"), details: t("accessKeys.connection.limitsText") },
            ]}
          />
        </Card>
      </Section>
      <Section title={t("accessKeys.settings.title")} description={t("keySettings.clients.text")}>
        <div className="divide-y divide-line rounded-card border border-line bg-surface">
          {clientSettings(connection, t("keySettings.clients.bucketPlaceholder")).map((settings) => (
            <Client key={settings.client} settings={settings} endpoint={endpoint} />
          ))}
        </div>
      </Section>
    </>
  );
}

/** One client's part, closed until somebody wants it: eight of them open would be a wall. */
function Client({ settings, endpoint }: { settings: ClientSettings; endpoint: string }) {
  const { t } = useTranslation();
  const { client, label, files, commands, fields } = settings;
  return (
    <details id={`client-${client}`} className="px-4 py-2 sm:px-5">
      <summary className="cursor-pointer py-1.5 font-semibold">{label}</summary>
      <div className="space-y-4 pt-2 pb-3">
        <p className="text-sm text-muted">{t(`keySettings.clients.${client}`)}</p>
        {client === "veeam" && endpoint.startsWith("http:") && (
          <p className="text-sm font-semibold text-warning">{t("keySettings.clients.veeamNeedsTls")}</p>
        )}
        {files.map(({ path, name, isExtra, code }) => (
          <div key={path} className="space-y-2">
            {isExtra && <p className="text-sm text-muted">{t("keySettings.clients.terraformState")}</p>}
            <CodeBlock label={path} code={code} />
            <DownloadText name={name} text={code} />
          </div>
        ))}
        {fields.length > 0 && (
          <DescriptionList
            items={fields.map(({ name, value }) => ({
              term: name,
              details: <code className="break-all select-all">{value}</code>,
            }))}
          />
        )}
        {commands.length > 0 && (
          <CodeBlock label={t("keySettings.clients.tryOut", { client: label })} code={commands.join("\n")} />
        )}
      </div>
    </details>
  );
}
