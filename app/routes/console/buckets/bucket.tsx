import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { listKeysForBucket } from "#app/domain/access-keys/read-access-keys.ts";
import { can } from "#app/domain/authorization.ts";
import { findBucketSize, findDeletedBucketName, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { isUnderWay } from "#app/domain/buckets/states.ts";
import { load, redirectWithFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { Stat, StatGrid } from "#app/ui/layout/stats.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { MeasuredAt } from "#app/ui/usage/usage-stats.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { Bytes, Count, Timestamp } from "#app/ui/values.tsx";
import { AccessKeyState } from "../access-keys/access-key-state.tsx";
import type { Route } from "./+types/bucket";
import { BucketStanding } from "./bucket-standing.tsx";
import { BucketState } from "./bucket-state.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const id = uuidOr404(args.params.bucket);
    const deleted = await findDeletedBucketName(context, id);
    // Whoever watched it being deleted is told so, where the buckets are.
    if (deleted !== null) {
      const t = translator(args.context);
      const list = href("/accounts/:account/buckets", args.params);
      throw await redirectWithFlash(list, t("buckets.deletion.deleted", { bucket: deleted }));
    }
    const bucket = await getBucket(context, id);
    const isThere = bucket.state === "active";
    const [size, keys] = await Promise.all([
      isThere ? findBucketSize(context, bucket.name) : null,
      isThere ? listKeysForBucket(context, id) : null,
    ]);
    const isActive = context.access.accountState === "active";
    return {
      bucket,
      size,
      keys,
      ...publicEndpoint(),
      canRetry: isActive && can(context, "buckets:retry"),
      canDelete: isActive && can(context, "buckets:delete") && !isUnderWay(bucket.state),
      canCreateKey: isActive && can(context, "access-keys:create"),
    };
  });
}

export default function Bucket({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucket, size, keys, endpoint, region, canRetry, canDelete, canCreateKey } = loaderData;
  useRefreshWhile(isUnderWay(bucket.state));
  return (
    <>
      <PageHeader
        title={bucket.name}
        breadcrumbs={[{ label: t("buckets.title"), to: href("/accounts/:account/buckets", params) }]}
        tag={<BucketState state={bucket.state} />}
        actions={
          canDelete && (
            <ButtonLink to={href("/accounts/:account/buckets/:bucket/deletion", params)}>
              {t("buckets.deletion.link")}
            </ButtonLink>
          )
        }
      />
      <BucketStanding
        bucket={bucket}
        retryAction={canRetry ? href("/accounts/:account/buckets/:bucket/retry", params) : undefined}
      />
      {bucket.state === "active" && <Size size={size} />}
      <Section title={t("buckets.details")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("buckets.createdAt"), details: <Timestamp at={bucket.createdAt} /> },
              { term: t("buckets.createdBy"), details: bucket.createdBy ?? "–" },
              { term: t("buckets.endpoint"), details: <Address>{endpoint}</Address> },
              { term: t("buckets.region"), details: <Address>{region}</Address> },
              { term: t("buckets.address"), details: <Address>{`${endpoint}/${bucket.name}`}</Address> },
            ]}
          />
        </Card>
      </Section>
      {keys && (
        <>
          <Section title={t("buckets.use.title")} description={t("buckets.use.text")}>
            <CodeBlock
              label="AWS CLI"
              code={`aws --profile balde s3 cp ./file.txt s3://${bucket.name}/\naws --profile balde s3 ls s3://${bucket.name}/`}
            />
          </Section>
          <Keys keys={keys} account={params.account} canCreate={canCreateKey} />
        </>
      )}
    </>
  );
}

function Address({ children }: { children: ReactNode }) {
  return <code className="break-all select-all">{children}</code>;
}

function Size({ size }: { size: Route.ComponentProps["loaderData"]["size"] }) {
  const { t } = useTranslation();
  const note = (whenCurrent: string) => {
    if (!size) return t("buckets.sizeUnknown");
    if (size.isCurrent) return whenCurrent;
    return (
      <>
        {t("buckets.sizeOld")} <MeasuredAt at={size.measuredAt} />.
      </>
    );
  };
  return (
    <StatGrid>
      <Stat
        label={t("buckets.size")}
        value={size ? <Bytes value={size.sizeBytes} /> : "–"}
        note={note(t("buckets.sizeNote"))}
      />
      <Stat
        label={t("buckets.objects")}
        value={size ? <Count value={size.objectCount} /> : "–"}
        note={note(t("buckets.objectsNote"))}
      />
    </StatGrid>
  );
}

interface KeysProps {
  keys: NonNullable<Route.ComponentProps["loaderData"]["keys"]>;
  account: string;
  canCreate: boolean;
}

function Keys({ keys: { keys, hasMore }, account, canCreate }: KeysProps) {
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
