import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { Connection } from "#app/domain/access-keys/client-settings.ts";
import type { NewAccessKey } from "#app/domain/access-keys/new-access-key.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SecretOnce } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";
import { InstallationTime } from "#app/ui/values.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";

interface Params {
  account: string;
}

export interface CreatedKeyProps {
  created: NewAccessKey;
  connection: Connection;
  params: Params;
  /** What is to be done with it besides, where it was made for something. */
  next?: ReactNode;
}

/** A key that was just made, with its secret: the only page that ever shows it. */
export function CreatedKey({ created, connection, params, next }: CreatedKeyProps) {
  const { t } = useTranslation();
  useBeginAtTop();
  return (
    <>
      <PageHeader
        title={t("accessKeys.created.title", { key: created.name })}
        breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
        actions={
          <ButtonLink to={href("/accounts/:account/access-keys/:key", { ...params, key: created.id })}>
            {t("accessKeys.created.link")}
          </ButtonLink>
        }
      />
      <div className="space-y-4">
        <SecretOnce label={t("accessKeys.secretAccessKey")} secret={created.secretAccessKey} />
        <Card>
          <DescriptionList
            items={[
              {
                term: t("accessKeys.accessKeyId"),
                details: <code className="break-all select-all">{created.accessKeyId}</code>,
              },
              {
                term: t("accessKeys.expiresAt"),
                details: created.expiresAt ? (
                  <InstallationTime at={created.expiresAt} />
                ) : (
                  t("accessKeys.neverExpires")
                ),
              },
            ]}
          />
        </Card>
      </div>
      {next}
      <Section title={t("keySettings.test.title")} description={t("keySettings.test.summary")}>
        {/* The secret rides along from the one page that shows it: nobody has to paste it. */}
        <AppForm action={href("/accounts/:account/access-keys/:key/test", { ...params, key: created.id })}>
          <input type="hidden" name="secret" value={created.secretAccessKey} />
          <SubmitButton variant="secondary">{t("keySettings.test.now")}</SubmitButton>
        </AppForm>
      </Section>
      <ConnectionSettings connection={connection} />
    </>
  );
}

/** For a form that was posted again: the key is there, its secret was in the first answer. */
export function AlreadyShown({ id, params }: { id: string; params: Params }) {
  const { t } = useTranslation();
  useBeginAtTop();
  const key = { ...params, key: id };
  return (
    <>
      <PageHeader
        title={t("accessKeys.alreadyShown.title")}
        breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
      />
      <Notice tone="warning" title={t("accessKeys.alreadyShown.lead")}>
        {t("accessKeys.alreadyShown.text")}
      </Notice>
      <p className="mt-6 flex flex-wrap gap-2">
        <ButtonLink variant="primary" to={href("/accounts/:account/access-keys/:key", key)}>
          {t("accessKeys.created.link")}
        </ButtonLink>
        <ButtonLink to={href("/accounts/:account/access-keys/:key/revocation", key)}>
          {t("accessKeys.revocation.link")}
        </ButtonLink>
      </p>
    </>
  );
}
