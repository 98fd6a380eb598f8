import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { listKeysForBucket } from "#app/domain/access-keys/read-access-keys.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { AccessKeyState } from "../access-keys/access-key-state.tsx";

interface BucketKeysProps {
  keys: Awaited<ReturnType<typeof listKeysForBucket>>;
  account: string;
  canCreate: boolean;
}

/** The access keys that reach a bucket. */
export function BucketKeys({ keys: { keys, hasMore }, account, canCreate }: BucketKeysProps) {
  const { t } = useTranslation();
  return (
    <Section
      title={t("buckets.keys.title")}
      actions={
        canCreate && (
          <ButtonLink to={href("/accounts/:account/access-keys/new", { account })}>
            {t("accessKeys.new.link")}
          </ButtonLink>
        )
      }
    >
      <DataTable
        caption={t("buckets.keys.title")}
        rows={keys}
        rowKey={({ id }) => id}
        empty={<p className="text-muted">{t("buckets.keys.empty")}</p>}
        columns={[
          {
            key: "name",
            header: t("accessKeys.name"),
            cell: ({ id, name }) => (
              <Link to={href("/accounts/:account/access-keys/:key", { account, key: id })}>{name}</Link>
            ),
          },
          {
            key: "id",
            header: t("accessKeys.accessKeyId"),
            cell: ({ maskedId }) => <code>{maskedId}</code>,
          },
          {
            key: "permission",
            header: t("accessKeys.permission"),
            cell: ({ permission }) => t(`accessKeys.permissions.${permission}`),
          },
          {
            key: "state",
            header: t("accessKeys.state"),
            cell: ({ state }) => <AccessKeyState state={state} />,
          },
        ]}
      />
      {hasMore && (
        <p className="mt-2">
          <Link to={href("/accounts/:account/access-keys", { account })}>{t("buckets.keys.all")}</Link>
        </p>
      )}
    </Section>
  );
}
