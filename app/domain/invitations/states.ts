/** `expired` also where whoever sent it may not invite any more: sending it again renews either. */
export type PendingState = "pending" | "expired";
