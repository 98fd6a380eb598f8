import { href } from "react-router";
import type { LifecycleRuleValues } from "#app/domain/lifecycle/rule-input.ts";

interface BucketParams {
  account: string;
  bucket: string;
}

export function hiddenBytesHref(params: BucketParams): string {
  return href("/accounts/:account/buckets/:bucket/hidden-bytes", params);
}

/** The rule that a preview is about to change, and what was read of it; none for a new one. */
export interface ChangedRule {
  id: string;
  fingerprint: string;
}

/** A survey's page, or the one that saves its rule. The rule that it is to change rides along in the query. */
export function surveyHref(
  params: BucketParams & { survey: string },
  changed: ChangedRule | null,
  page: "" | "/saving" = "",
): string {
  const survey = href("/accounts/:account/buckets/:bucket/surveys/:survey", params);
  return `${survey}${page}${changed ? `?${new URLSearchParams({ ...changed })}` : ""}`;
}

/** Reads what {@link surveyHref} wrote. */
export function changedRuleOf(query: URLSearchParams): ChangedRule | null {
  const [id, fingerprint] = [query.get("id"), query.get("fingerprint")];
  return id !== null && fingerprint !== null ? { id, fingerprint } : null;
}

/** The form of a rule, filled in as it was when its preview was asked for. */
export function ruleFormHref(
  params: BucketParams,
  values: LifecycleRuleValues,
  changed: ChangedRule | null,
): string {
  const query = new URLSearchParams();
  const { id: _, enabled = true, tags = [], ...texts } = values;
  query.set("enabled", enabled ? "on" : "off");
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === "string" || typeof value === "number") query.set(name, `${value}`);
  }
  for (const [index, { key = "", value = "" }] of tags.entries()) {
    query.set(`tags[${index}].key`, key);
    query.set(`tags[${index}].value`, value);
  }
  const lifecycle = href("/accounts/:account/buckets/:bucket/lifecycle", params);
  if (!changed) return `${lifecycle}/new?${query}`;
  query.set("id", changed.id);
  return `${lifecycle}/rule?${query}`;
}
