/** Where a mail of the outbox can stand, as the filter lists it. Apart from the schema: pages name them. */
export const emailStates = ["queued", "failed", "sent", "obsolete"] as const;
