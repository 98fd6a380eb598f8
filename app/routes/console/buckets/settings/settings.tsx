import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { type Action, can } from "#app/domain/authorization.ts";
import { readBucketSettings } from "#app/domain/bucket-settings/read-settings.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { BucketTabs } from "#app/ui/buckets/bucket-tabs.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import type { Route } from "./+types/settings";
import { SettingRow } from "./setting-row.tsx";
import { UnreadNotice } from "./setting-unread.tsx";
import {
  CorsSummary,
  DirectUploadsSummary,
  LifecycleSummary,
  QuotaSummary,
  TagsSummary,
} from "./summaries.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const settings = await readBucketSettings(context, uuidOr404(args.params.bucket));
    const may = (action: Action) => context.access.accountState === "active" && can(context, action);
    return {
      settings,
      canSetVersioning: may("buckets:set-versioning"),
      canSetCors: may("buckets:set-cors"),
      canSetTags: may("buckets:set-tags"),
      canSetQuota: may("buckets:set-quota"),
    };
  });
}

export default function BucketSettings({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { settings, canSetVersioning, canSetCors, canSetTags, canSetQuota } = loaderData;
  const { versioning, lifecycle, cors, directUploads, tags, quota, size } = settings;
  const bucket = href("/accounts/:account/buckets/:bucket", params);
  const all = [versioning, lifecycle, cors, tags, quota];
  return (
    <>
      <PageHeader
        title={settings.name}
        documentTitle={t("bucketSettings.documentTitle", { bucket: settings.name })}
        breadcrumbs={[{ label: t("buckets.title"), to: href("/accounts/:account/buckets", params) }]}
      />
      <BucketTabs params={params} />
      {all.some(({ standing }) => standing === "unknown") && (
        <div className="mb-4">
          <UnreadNotice standing="unknown" />
        </div>
      )}
      <Card>
        <DescriptionList
          items={[
            {
              term: t("bucketSettings.versioning.title"),
              details: (
                <SettingRow
                  setting={versioning}
                  to={canSetVersioning && `${bucket}/versioning`}
                  link={t("bucketSettings.versioning.link")}
                >
                  {(value) => t(`bucketSettings.versioning.states.${value}`)}
                </SettingRow>
              ),
            },
            {
              term: t("bucketSettings.lifecycle.title"),
              details: (
                <SettingRow
                  setting={lifecycle}
                  to={`${bucket}/lifecycle`}
                  link={t("bucketSettings.lifecycle.link")}
                >
                  {(rules) => <LifecycleSummary rules={rules} />}
                </SettingRow>
              ),
            },
            {
              term: t("bucketSettings.cors.title"),
              details: (
                <SettingRow setting={cors} to={`${bucket}/cors`} link={t("bucketSettings.cors.link")}>
                  {(value) => <CorsSummary cors={value} />}
                </SettingRow>
              ),
            },
            {
              term: t("bucketSettings.directUploads.title"),
              details: (
                <SettingRow
                  setting={directUploads}
                  to={canSetCors && `${bucket}/direct-uploads`}
                  link={t("bucketSettings.directUploads.link")}
                >
                  {(isAllowed) => <DirectUploadsSummary isAllowed={isAllowed} />}
                </SettingRow>
              ),
            },
            {
              term: t("bucketSettings.tags.title"),
              details: (
                <SettingRow
                  setting={tags}
                  to={canSetTags && `${bucket}/tags`}
                  link={t("bucketSettings.tags.link")}
                >
                  {(value) => <TagsSummary tags={value} />}
                </SettingRow>
              ),
            },
            {
              term: t("bucketSettings.quota.title"),
              details: (
                <SettingRow
                  setting={quota}
                  to={canSetQuota && `${bucket}/quota`}
                  link={t("bucketSettings.quota.link")}
                >
                  {(value) => <QuotaSummary quota={value} size={size} />}
                </SettingRow>
              ),
            },
          ]}
        />
      </Card>
    </>
  );
}
