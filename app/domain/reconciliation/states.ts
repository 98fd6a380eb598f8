import type { FindingKind, FindingState } from "#app/generated/prisma/enums.ts";

// Apart from schema.ts, so that pages can use them without bringing Zod to the browser.

export const findingKinds = [
  "bucket_only_at_engine",
  "bucket_missing_at_engine",
  "bucket_owner_differs",
  "key_only_at_engine",
  "key_missing_at_engine",
  "key_state_differs",
  "key_grant_differs",
  "key_ids_differ",
  "quota_differs",
  "owner_changed",
  "owner_key_only_at_engine",
  "tenant_missing_at_engine",
] as const satisfies readonly FindingKind[];

/** What the console can take over. */
export const adoptableKinds = [
  "bucket_only_at_engine",
  "bucket_missing_at_engine",
  "key_only_at_engine",
  "key_missing_at_engine",
  "key_state_differs",
  "key_grant_differs",
  "key_ids_differ",
  "quota_differs",
] as const satisfies readonly FindingKind[];

/** What the engine can be set back from. */
export const undoableKinds = [
  "bucket_only_at_engine",
  "bucket_missing_at_engine",
  "bucket_owner_differs",
  "key_only_at_engine",
  "key_state_differs",
  "key_grant_differs",
  "key_ids_differ",
  "quota_differs",
  "owner_changed",
  "owner_key_only_at_engine",
  "tenant_missing_at_engine",
] as const satisfies readonly FindingKind[];

/** Why a decision has not been carried out, as `finding.last_error` has it and people are told. */
const problems = [
  "changed",
  "conflict",
  "account-not-active",
  "quota-exceeded",
  "unknown-bucket",
  "bucket-name-taken",
  "decision-impossible",
  "unavailable",
  "not-found",
  "already-exists",
  "bucket-not-empty",
  "denied",
  "unsupported",
  "internal",
  "unexpected",
] as const;
export type FindingProblem = (typeof problems)[number];

/** The problem that people are told of for a code; what has no words of its own is `unexpected`. */
export function problemOf(code: string): FindingProblem {
  return problems.find((problem) => problem === code) ?? "unexpected";
}

/** True while a job carries a decision out, so that a page shows it and looks again. */
export function isBeingSettled(state: FindingState): boolean {
  return state === "adopting" || state === "undoing";
}
