import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { listKeysForBucket } from "#app/domain/access-keys/read-access-keys.ts";
import { can } from "#app/domain/authorization.ts";
import { findBucketSize, findDeletedBucketName, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { isUnderWay } from "#app/domain/buckets/states.ts";
import { findEmptying } from "#app/domain/emptying/read-emptyings.ts";
import { isUnderWay as isBeingEmptied } from "#app/domain/emptying/states.ts";
import { load, redirectWithFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { BucketTabs } from "#app/ui/buckets/bucket-tabs.tsx";
import { EmptyingNotice } from "#app/ui/buckets/emptying-notice.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { CodeBlock } from "#app/ui/layout/code-block.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/bucket";
import { BucketKeys } from "./bucket-keys.tsx";
import { BucketStanding } from "./bucket-standing.tsx";
import { BucketState } from "./bucket-state.tsx";
import { SizeStats } from "./size-stats.tsx";

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
    const [size, keys, emptying] = await Promise.all([
      isThere ? findBucketSize(context, bucket.name) : null,
      isThere ? listKeysForBucket(context, id) : null,
      isThere ? findEmptying(context, id) : null,
    ]);
    const isActive = context.access.accountState === "active";
    return {
      bucket,
      size,
      keys,
      emptying,
      ...publicEndpoint(),
      canRetry: isActive && can(context, "buckets:retry"),
      canDelete: isActive && can(context, "buckets:delete") && !isUnderWay(bucket.state),
      canEmpty: isActive && isThere && can(context, "buckets:empty"),
      canCreateKey: isActive && can(context, "access-keys:create"),
    };
  });
}

export default function Bucket({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucket, size, keys, emptying, endpoint, region, canRetry, canDelete, canEmpty, canCreateKey } =
    loaderData;
  useRefreshWhile(isUnderWay(bucket.state) || (emptying !== null && isBeingEmptied(emptying.state)));
  return (
    <>
      <PageHeader
        title={bucket.name}
        breadcrumbs={[{ label: t("buckets.title"), to: href("/accounts/:account/buckets", params) }]}
        tag={<BucketState state={bucket.state} />}
        actions={
          <>
            {canEmpty && (
              <ButtonLink to={href("/accounts/:account/buckets/:bucket/emptying", params)}>
                {t("emptying.link")}
              </ButtonLink>
            )}
            {canDelete && (
              <ButtonLink to={href("/accounts/:account/buckets/:bucket/deletion", params)}>
                {t("buckets.deletion.link")}
              </ButtonLink>
            )}
          </>
        }
      />
      {bucket.state === "active" && <BucketTabs params={params} />}
      <BucketStanding
        bucket={bucket}
        retryAction={canRetry ? href("/accounts/:account/buckets/:bucket/retry", params) : undefined}
      />
      <EmptyingNotice emptying={emptying} params={params} />
      {bucket.state === "active" && <SizeStats size={size} />}
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
            <CodeBlock label="AWS CLI" code={awsCommands(endpoint, bucket.name)} />
          </Section>
          <BucketKeys keys={keys} account={params.account} canCreate={canCreateKey} />
        </>
      )}
    </>
  );
}

/** With the endpoint, which versions of the AWS CLI before 2.13 do not read from the profile. */
function awsCommands(endpoint: string, bucket: string): string {
  const aws = `aws --profile balde --endpoint-url ${endpoint} s3`;
  return `${aws} cp ./file.txt s3://${bucket}/\n${aws} ls s3://${bucket}/`;
}

function Address({ children }: { children: ReactNode }) {
  return <code className="break-all select-all">{children}</code>;
}
