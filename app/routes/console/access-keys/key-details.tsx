import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { LastUse as LastUseOfKey } from "#app/domain/access-keys/last-use.ts";
import type { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";

interface KeyDetailsProps {
  accessKey: Awaited<ReturnType<typeof getAccessKey>>;
  /** None for a key that is gone. */
  lastUse: LastUseOfKey | undefined;
  params: { account: string };
}

/** The facts of a key. */
export function KeyDetails({ accessKey, lastUse, params }: KeyDetailsProps) {
  const { t } = useTranslation();
  const { accessKeyId, permission, createdAt, createdBy, expiresAt, revokedAt } = accessKey;
  return (
    <Section title={t("accessKeys.details")}>
      <Card>
        <DescriptionList
          items={[
            {
              term: t("accessKeys.accessKeyId"),
              details: <code className="break-all select-all">{accessKeyId}</code>,
            },
            { term: t("accessKeys.secretAccessKey"), details: t("accessKeys.secretNotShown") },
            {
              term: t("accessKeys.permission"),
              details: `${t(`accessKeys.permissions.${permission}`)}: ${t(`accessKeys.permissionHints.${permission}`)}`,
            },
            { term: t("accessKeys.scope"), details: <Buckets accessKey={accessKey} params={params} /> },
            { term: t("accessKeys.createdAt"), details: <Timestamp at={createdAt} /> },
            { term: t("accessKeys.createdBy"), details: createdBy ?? "–" },
            {
              term: t("accessKeys.expiresAt"),
              details: expiresAt ? <InstallationTime at={expiresAt} /> : t("accessKeys.neverExpires"),
            },
            ...(lastUse
              ? [{ term: t("rotations.lastUse.title"), details: <LastUse use={lastUse} explained /> }]
              : []),
            ...(revokedAt
              ? [{ term: t("accessKeys.revokedAt"), details: <Timestamp at={revokedAt} /> }]
              : []),
          ]}
        />
      </Card>
    </Section>
  );
}

function Buckets({ accessKey, params }: Omit<KeyDetailsProps, "lastUse">) {
  const { t } = useTranslation();
  const { allBuckets, buckets } = accessKey;
  if (allBuckets) return t("accessKeys.scopes.all");
  if (buckets.length === 0) return t("accessKeys.scopes.none");
  return (
    <ul>
      {buckets.map(({ id, name }) => (
        <li key={id} className="break-all">
          <Link to={href("/accounts/:account/buckets/:bucket", { ...params, bucket: id })}>{name}</Link>
        </li>
      ))}
    </ul>
  );
}
