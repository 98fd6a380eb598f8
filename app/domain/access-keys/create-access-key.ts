import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext, userIdOf } from "../context.ts";
import { endOfDay } from "./end-of-day.ts";
import { lockActiveBuckets } from "./lock-active-buckets.ts";
import { makeAtEngine, type NewAccessKey, newAccessKey, requireFirstPost } from "./new-access-key.ts";
import { requireRoomForKey } from "./require-room.ts";
import { createAccessKeyInput } from "./schema.ts";
import { settleAccessKey } from "./settle-access-key.ts";

/**
 * Creates an access key within the request: commits the key as `provisioning`, makes it at the engine, commits
 * it as `active` and answers the secret, once.
 *
 * Throws `quota-exceeded`, `engine-unavailable` and `engine-refused` (nothing is left then), and
 * `secret-already-shown` for a form that was posted before.
 */
export const createAccessKey: Command<typeof createAccessKeyInput, NewAccessKey> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<NewAccessKey> => {
    const key = await beginAccessKey(context, rawInput);
    const system = systemContext("create-access-key", key.accountId, context.origin.requestId);
    await makeAtEngine(system, key, () =>
      settleAccessKey(system, { id: key.id, from: "provisioning", to: "active" }),
    );
    return key;
  },
  { action: "access-keys:create" as const, input: createAccessKeyInput },
);

const beginAccessKey = command({
  action: "access-keys:create",
  input: createAccessKeyInput,

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    await requireFirstPost(tx, accountId, input.requestId);
    await requireRoomForKey(tx, accountId);
    const expiresAt = input.expiresOn ? await endOfDay(tx, input.expiresOn) : null;
    const buckets = input.scope === "all" ? [] : await lockActiveBuckets(tx, accountId, input.buckets);
    return newAccessKey(tx, {
      accountId,
      requestId: input.requestId,
      name: input.name,
      permission: input.permission,
      allBuckets: input.scope === "all",
      bucketIds: buckets.map(({ id }) => id),
      expiresAt,
      createdById: userIdOf(context),
    });
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
