-- What operators see of accounts that could not be compared costs the same however many were.
CREATE INDEX "reconciliation_check_failed_idx" ON "reconciliation_check" ("account_id")
  WHERE "last_error" IS NOT NULL;
