import { type AccessKeyPair, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { generateAccessKey } from "#app/ports/storage/generate-access-key.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext, userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { lockQuota } from "../quotas/lock-quota.ts";
import { endOfDay } from "./end-of-day.ts";
import { readGrant } from "./engine-key.ts";
import { lockActiveBuckets } from "./lock-active-buckets.ts";
import { requireRoomForKey } from "./require-room.ts";
import { createAccessKeyInput } from "./schema.ts";
import { settleAccessKey } from "./settle-access-key.ts";

/** A new access key. The only thing in Balde that ever holds its secret: hand it to the caller, keep nothing. */
export interface CreatedAccessKey extends AccessKeyPair {
  id: string;
  name: string;
  expiresAt: Date | null;
}

/**
 * Creates an access key within the request: commits the key as `provisioning`, makes it at the engine, commits
 * it as `active` and answers the secret, once. A request that dies midway leaves a key that nobody knows the
 * secret of; `settleAccessKeys` removes it.
 *
 * Throws `quota-exceeded`, `engine-unavailable` and `engine-refused` (nothing is left then), and
 * `secret-already-shown` for a form that was posted before.
 */
export const createAccessKey: Command<typeof createAccessKeyInput, CreatedAccessKey> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<CreatedAccessKey> => {
    const { accountId, ...key } = await beginAccessKey(context, rawInput);
    const system = systemContext("create-access-key", accountId, context.origin.requestId);
    try {
      await createAtEngine(accountId, key);
    } catch (error) {
      await settleAccessKey(system, { id: key.id, from: "provisioning", to: "failed" });
      throw asRefusal(error);
    }
    const { settled } = await settleAccessKey(system, { id: key.id, from: "provisioning", to: "active" });
    // Taken for dead and cleared away meanwhile: a secret shown now would open nothing.
    if (!settled) throw new DomainError("engine-unavailable");
    return key;
  },
  { action: "access-keys:create" as const, input: createAccessKeyInput },
);

const beginAccessKey = command({
  action: "access-keys:create",
  input: createAccessKeyInput,

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    const { requestId } = input;
    // The same form posted twice at once waits here, and then finds the first one's key.
    await lockQuota(tx, accountId, "access_keys");
    const earlier = await tx.accessKey.findFirst({ where: { accountId, requestId }, select: { id: true } });
    if (earlier) throw new DomainError("secret-already-shown", { id: earlier.id });
    await requireRoomForKey(tx, accountId);
    const expiresAt = input.expiresOn ? await endOfDay(tx, input.expiresOn) : null;
    const buckets = input.scope === "all" ? [] : await lockActiveBuckets(tx, accountId, input.buckets);
    const pair = generateAccessKey();
    const { id, name } = await tx.accessKey.create({
      data: {
        accountId,
        requestId,
        name: input.name,
        accessKeyId: pair.accessKeyId,
        permission: input.permission,
        allBuckets: input.scope === "all",
        buckets: { create: buckets.map(({ id: bucketId }) => ({ bucketId })) },
        expiresAt,
        createdById: userIdOf(context),
      },
      select: { id: true, name: true },
    });
    return { accountId, id, name, expiresAt, ...pair };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: output.id,
    details: {
      name: output.name,
      accessKeyId: output.accessKeyId,
      permission: input.permission,
      buckets: input.scope === "all" ? "all" : input.buckets,
      expiresAt: output.expiresAt?.toISOString() ?? null,
    },
  }),
});

async function createAtEngine(accountId: string, { id, ...pair }: AccessKeyPair & { id: string }) {
  const grant = await readGrant(accountId, id);
  if (!grant) throw new DomainError("conflict");
  const { accessKeyId, secretAccessKey } = pair;
  const tenant = await readEngineTenant(accountId);
  await storage.createAccessKey(
    { tenant, accessKeyId, secretAccessKey, ...grant },
    { deadlineMs: PAGE_DEADLINE_MS },
  );
}

/** What a person is told of an engine's answer. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  return new DomainError(error.retryable ? "engine-unavailable" : "engine-refused", { reason: error.code });
}
