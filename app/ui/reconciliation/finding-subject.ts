import type { FindingListed } from "#app/domain/reconciliation/read-findings.ts";

/** Of these an account has one: the kind of finding names it. */
const nameless: FindingListed["kind"][] = ["quota_differs", "owner_changed", "tenant_missing_at_engine"];

/** The bucket or key that a finding is about, as people know it; null where its kind says all. */
export function subjectName({
  kind,
  name,
  resource,
}: Pick<FindingListed, "kind" | "name" | "resource">): string | null {
  return nameless.includes(kind) ? null : (name ?? resource);
}
