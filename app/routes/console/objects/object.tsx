import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { readObject } from "#app/domain/objects/read-object.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { folderOf, objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { type BucketParams, objectActHref, objectHref } from "#app/ui/objects/object-address.ts";
import { ObjectFacts } from "#app/ui/objects/object-facts.tsx";
import { shortKey } from "#app/ui/objects/object-name.tsx";
import { VersionsTable } from "#app/ui/objects/versions-table.tsx";
import type { Route } from "./+types/object";
import { objectInAddress } from "./object-in-address.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const { bucketId, key, versionId } = objectInAddress(args);
    const after = args.url.searchParams.get("after");
    const found = await readObject(context, { bucketId, key, versionId }, after);
    const isActive = context.access.accountState === "active";
    return {
      ...found,
      objectKey: key,
      versionId,
      isFirst: !after,
      canRead: isActive,
      canShare: isActive && can(context, "objects:share"),
      canDelete: isActive && can(context, "objects:delete"),
      canRestore: isActive && can(context, "objects:restore"),
    };
  });
}

export default function StoredObject({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucket, objectKey, versions, older, isFirst, canRead, canDelete, canRestore } = loaderData;
  // Where there is one version without an id, there is nothing to choose from.
  const hasVersions = versions?.some(({ versionId }) => versionId !== "null") || (versions?.length ?? 0) > 1;
  return (
    <>
      <PageHeader
        title={shortKey(objectKey)}
        breadcrumbs={objectBreadcrumbs(t, params, bucket, { prefix: folderOf(objectKey) })}
        actions={<Actions loaderData={loaderData} params={params} />}
      />
      <div className="space-y-4 empty:hidden">
        <Standing loaderData={loaderData} params={params} />
      </div>
      <ObjectFacts {...loaderData} />
      {versions && (hasVersions || !isFirst) && (
        <VersionsTable
          params={params}
          objectKey={objectKey}
          versions={versions}
          older={older}
          isFirst={isFirst}
          can={{ read: canRead, delete: canDelete, restore: canRestore }}
        />
      )}
    </>
  );
}

interface PartProps {
  loaderData: Route.ComponentProps["loaderData"];
  params: BucketParams;
}

/** What can be done with the version that is shown. */
function Actions({ loaderData, params }: PartProps) {
  const { t } = useTranslation();
  const { objectKey: key, versionId, details, shown, canRead, canShare, canDelete, canRestore } = loaderData;
  const object = { key, versionId };
  const isMarker = shown?.isDeleteMarker === true;
  const restorable = canRestore && shown && (isMarker ? shown.isLatest : !shown.isLatest);
  return (
    <>
      {canRead && details && (
        <ButtonLink variant="primary" to={objectActHref(params, "download", object)} reloadDocument>
          {t("objects.object.download")}
        </ButtonLink>
      )}
      {canShare && details && (
        <ButtonLink to={objectActHref(params, "sharing", object)}>{t("objects.object.share")}</ButtonLink>
      )}
      {restorable && (
        <ButtonLink to={objectActHref(params, "restoration", { key, versionId: shown.versionId })}>
          {t(isMarker ? "objects.object.undelete" : "objects.object.restore")}
        </ButtonLink>
      )}
      {canDelete && (versionId || !isMarker) && (
        <ButtonLink to={objectActHref(params, "deletion", object)}>{t("objects.object.delete")}</ButtonLink>
      )}
    </>
  );
}

/** What is not as one would expect of an object. */
function Standing({ loaderData, params }: PartProps) {
  const { t } = useTranslation();
  const { objectKey: key, shown, problem } = loaderData;
  const current = (
    <p>
      <Link to={objectHref(params, { key })}>{t("objects.object.showCurrent")}</Link>
    </p>
  );
  return (
    <>
      {problem && (
        <Notice tone="warning" title={t(`objects.object.${problem}`)}>
          {t(`objects.object.${problem}Advice`)}
        </Notice>
      )}
      {shown?.isDeleteMarker && shown.isLatest && (
        <Notice tone="warning" title={t("objects.object.markerTitle")}>
          {t("objects.object.marker")}
        </Notice>
      )}
      {shown?.isDeleteMarker && !shown.isLatest && (
        <Notice tone="info" title={t("objects.object.oldMarkerTitle")}>
          <p>{t("objects.object.oldMarker")}</p>
          {current}
        </Notice>
      )}
      {shown && !shown.isDeleteMarker && !shown.isLatest && (
        <Notice tone="info" title={t("objects.object.noncurrentTitle")}>
          <p>{t("objects.object.noncurrent")}</p>
          {current}
        </Notice>
      )}
    </>
  );
}
