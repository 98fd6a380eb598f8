import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { can } from "#app/domain/authorization.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/access-key";
import { AccessKeyState } from "./access-key-state.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const accessKey = await getAccessKey(context, uuidOr404(args.params.key));
    const isRevocable = accessKey.state === "active" || accessKey.state === "inactive";
    return {
      accessKey,
      canRevoke: isRevocable && can(context, "access-keys:revoke"),
      ...publicEndpoint(),
    };
  });
}

export default function AccessKey({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { accessKey, canRevoke, endpoint, region } = loaderData;
  const { name, state, accessKeyId, permission, createdAt, createdBy, expiresAt, revokedAt } = accessKey;
  useRefreshWhile(state === "revoking" || state === "provisioning");
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={[{ label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) }]}
        tag={<AccessKeyState state={state} />}
        actions={
          canRevoke && (
            <ButtonLink to={href("/accounts/:account/access-keys/:key/revocation", params)}>
              {t("accessKeys.revocation.link")}
            </ButtonLink>
          )
        }
      />
      {state === "revoking" && <StillWorks hasFailed={accessKey.lastError !== null} />}
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
              ...(revokedAt
                ? [{ term: t("accessKeys.revokedAt"), details: <Timestamp at={revokedAt} /> }]
                : []),
            ]}
          />
        </Card>
      </Section>
      {(state === "active" || state === "inactive") && (
        <ConnectionSettings
          connection={{
            endpoint,
            region,
            accessKeyId,
            secretAccessKey: t("accessKeys.settings.secretPlaceholder"),
          }}
        />
      )}
    </>
  );
}

/** Nothing claims to be done before the engine says so. */
function StillWorks({ hasFailed }: { hasFailed: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="mb-6">
      <Notice tone="warning" title={t("accessKeys.revoking.title")}>
        {t(hasFailed ? "accessKeys.revoking.noAnswer" : "accessKeys.revoking.soon")}{" "}
        <Link to=".">{t("common.refresh")}</Link>
      </Notice>
    </div>
  );
}

function Buckets({
  accessKey,
  params,
}: {
  accessKey: Route.ComponentProps["loaderData"]["accessKey"];
  params: { account: string };
}) {
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
