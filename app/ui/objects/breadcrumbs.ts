import type { TFunction } from "i18next";
import { href } from "react-router";
import type { Breadcrumb } from "../layout/page-header.tsx";
import { type BucketParams, objectHref, objectsHref } from "./object-address.ts";
import { shortKey } from "./object-name.tsx";

/** The pages above one about an object: its bucket, the list that it stands in, and itself where it is not the page. */
export function objectBreadcrumbs(
  t: TFunction,
  params: BucketParams,
  bucket: string,
  { prefix, key }: { prefix?: string; key?: string } = {},
): Breadcrumb[] {
  return [
    { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
    { label: bucket, to: href("/accounts/:account/buckets/:bucket", params) },
    { label: t("objects.title"), to: objectsHref(params, { prefix: prefix ?? (key ? folderOf(key) : "") }) },
    ...(key ? [{ label: shortKey(key), to: objectHref(params, { key }) }] : []),
  ];
}

/** What a key shares with its neighbours in a list: everything up to its last slash but a closing one. */
export function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/", key.length - 2) + 1);
}
