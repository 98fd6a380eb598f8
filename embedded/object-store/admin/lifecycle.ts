import { S3Error } from "../errors.ts";
import type { LifecycleCounts } from "../lifecycle/walk.ts";
import type { Store } from "../store.ts";
import type { AdminParameters } from "./parameters.ts";

/**
 * POST /admin/lifecycle?process: applies every bucket's lifecycle rules at once, and answers when that is done; with
 * `now` (ISO 8601) as if it were that time. What the rules would delete by then is deleted for good: for tests.
 *
 * The gateway has no such call, but a command at its server's shell (`radosgw-admin lc process`).
 */
export function processLifecycle(store: Store, parameters: AdminParameters): Promise<LifecycleCounts> {
  return store.lifecycle.applyAll(readNow(parameters));
}

function readNow(parameters: AdminParameters): Date | undefined {
  const given = parameters.text("now");
  if (given === undefined) return undefined;
  const now = new Date(/^\d{4}-\d\d-\d\d/.test(given) ? given : Number.NaN);
  if (Number.isNaN(now.getTime())) throw new S3Error("InvalidArgument", "now must be a time in ISO 8601.");
  return now;
}
