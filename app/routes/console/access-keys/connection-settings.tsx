import { useTranslation } from "react-i18next";
import { type Connection, clientSettings } from "#app/domain/access-keys/client-settings.ts";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";

/** How to reach the storage with a key: its parts, and settings for common clients to copy. */
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
      <Section title={t("accessKeys.settings.title")} description={t("accessKeys.settings.text")}>
        <div className="space-y-6">
          {clientSettings(connection).map(({ client, label, file, code, tryOut }) => (
            <div key={client}>
              <CodeBlock label={file ? `${label} · ${file}` : label} code={code} />
              <p className="mt-2 text-sm text-muted">
                {t("accessKeys.settings.tryOut")} <code className="break-all text-ink">{tryOut}</code>
              </p>
              {client === "aws" && (
                <p className="text-sm text-muted">{t("accessKeys.settings.oldAws", { endpoint })}</p>
              )}
            </div>
          ))}
        </div>
      </Section>
    </>
  );
}
