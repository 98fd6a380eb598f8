import { href } from "react-router";
import type { Breadcrumb } from "#app/ui/layout/page-header.tsx";

interface BucketParams {
  account: string;
  bucket: string;
}

/** Where a bucket's lifecycle rules are listed. */
export function lifecycleHref(params: BucketParams): string {
  return href("/accounts/:account/buckets/:bucket/lifecycle", params);
}

/** A page about one rule. Names of rules are any text, and so stand in the query. */
export function ruleHref(
  params: BucketParams,
  id: string,
  page: "rule" | "rule/deletion" | "rule/enabling" | "rule/disabling" = "rule",
): string {
  return `${lifecycleHref(params)}/${page}?${new URLSearchParams({ id })}`;
}

/** Where the form of a rule posts to see what it would delete; the rule that is changed, if any, stands there too. */
export function previewHref(params: BucketParams, id?: string): string {
  const query = id === undefined ? "" : `?${new URLSearchParams({ id })}`;
  return `${lifecycleHref(params)}/preview${query}`;
}

/** The pages above the list of rules; with `below`, above the pages that the list leads to. */
export function lifecycleBreadcrumbs(
  params: BucketParams,
  bucketName: string,
  words: { buckets: string; settings: string; below?: string },
): Breadcrumb[] {
  const bucket = href("/accounts/:account/buckets/:bucket", params);
  return [
    { label: words.buckets, to: href("/accounts/:account/buckets", params) },
    { label: bucketName, to: bucket },
    { label: words.settings, to: `${bucket}/settings` },
    ...(words.below ? [{ label: words.below, to: lifecycleHref(params) }] : []),
  ];
}
