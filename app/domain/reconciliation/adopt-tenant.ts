import { enqueue } from "#app/ports/jobs.server.ts";
import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { tieToTenant } from "../accounts/tie-to-tenant.ts";
import { authorize } from "../authorization.ts";
import { requireRoomForBuckets } from "../buckets/require-room.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { raiseLimit } from "../quotas/set-limit.ts";
import { adoptTenantInput } from "./schema.ts";

/**
 * Ties an account that has nothing at the engine yet to a tenant that is there already; approves it where it
 * waits. A job then has the engine take the console's key, and makes the tenant's buckets the account's. Its
 * quota, its users and the owner's other keys stay: they become findings.
 *
 * Throws `tenant-unknown`, `tenant-taken`, `account-in-use`, `already-decided`, `engine-unavailable`, and
 * `quota-exceeded` where the tenant has more buckets than the account may.
 */
export const adoptTenant = command({
  action: "accounts:adopt-tenant",
  input: adoptTenantInput,
  prepare: ({ tenant }) => countBuckets(tenant),

  async run({ tx, input: { tenant, raiseLimit: mayRaise }, prepared: bucketCount, context }) {
    const accountId = accountIdOf(context);
    const { before } = await tieToTenant(tx, { accountId, tenant });
    if (mayRaise) {
      authorize(context, "quotas:raise");
      await raiseLimit(tx, accountId, "buckets", BigInt(bucketCount));
    }
    await requireRoomForBuckets(tx, accountId, bucketCount);
    await enqueue(tx, "adopt-tenant", { accountId });
    return { id: accountId, before, bucketCount };
  },

  audit: ({ input, output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: {
      tenant: input.tenant,
      buckets: output.bucketCount,
      raiseLimit: input.raiseLimit,
      before: { state: output.before },
      after: { state: "approved" },
    },
  }),
});

async function countBuckets(tenant: string): Promise<number> {
  try {
    return (await storage.tenantState({ tenant }, { deadlineMs: PAGE_DEADLINE_MS })).buckets.length;
  } catch (error) {
    throw asRefusal(error);
  }
}

/** What a person is told of an engine's answer about a tenant. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  if (error.code === "not-found") return new DomainError("tenant-unknown");
  return new DomainError(error.retryable ? "engine-unavailable" : "engine-refused", { reason: error.code });
}
