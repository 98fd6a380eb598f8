import type { TFunction } from "i18next";
import { href } from "react-router";
import type { Breadcrumb } from "#app/ui/layout/page-header.tsx";

interface BucketParams {
  account: string;
  bucket: string;
}

/** The pages above one of a bucket's settings. */
export function settingBreadcrumbs(t: TFunction, params: BucketParams, bucketName: string): Breadcrumb[] {
  return [
    { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
    { label: bucketName, to: href("/accounts/:account/buckets/:bucket", params) },
    {
      label: t("bucketSettings.title"),
      to: href("/accounts/:account/buckets/:bucket/settings", params),
    },
  ];
}

/** The pages above one of its rules for requests from other sites. */
export function corsBreadcrumbs(t: TFunction, params: BucketParams, bucketName: string): Breadcrumb[] {
  return [
    ...settingBreadcrumbs(t, params, bucketName),
    { label: t("bucketSettings.cors.title"), to: href("/accounts/:account/buckets/:bucket/cors", params) },
  ];
}
