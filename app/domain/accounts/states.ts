/** Apart from schema.ts, so that pages can list them without bringing Zod to the browser. */
export const accountStates = [
  "pending",
  "approved",
  "active",
  "suspended",
  "closing",
  "closed",
  "rejected",
] as const;

/** What an operator may reject for. `document_taken` is the sign-up's own (open-account.ts). */
export const rejectionCauses = [
  "document_unverified",
  "information_incomplete",
  "not_eligible",
  "other",
] as const;
