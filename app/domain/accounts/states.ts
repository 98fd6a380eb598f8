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

export const rejectionCauses = [
  "document_unverified",
  "information_incomplete",
  "not_eligible",
  "other",
] as const;
