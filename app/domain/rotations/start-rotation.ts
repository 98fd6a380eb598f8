import { z } from "zod";
import type { AccessKeyPermission } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { endOfDay } from "../access-keys/end-of-day.ts";
import { lockBucketsOf } from "../access-keys/lock-active-buckets.ts";
import {
  activateNewKey,
  makeAtEngine,
  type NewAccessKey,
  newAccessKey,
  requireFirstPost,
} from "../access-keys/new-access-key.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext, userIdOf } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { endOfOverlap } from "./overlap.ts";
import { startRotationInput } from "./schema.ts";
import { tell } from "./tell.ts";

/** The new key with its secret, which nothing keeps, and until when the old one works too. */
export interface StartedRotation extends NewAccessKey {
  until: Date;
}

/**
 * Begins to replace an active key: makes another one with the same permission and buckets, within the request as
 * `createAccessKey` does, and answers its secret, once. The rotation is there with the moment at which the new key
 * works, or not at all. The account may have one key more than its quota for as long as it runs: who is at their limit
 * must be able to replace a key too.
 *
 * Throws `conflict` for a key that is not active, or is in a rotation; InvalidInput for times that do not fit;
 * `engine-unavailable` and `engine-refused` (nothing is left then), and `secret-already-shown` for a form that was
 * posted before, and `too-many-attempts`.
 */
export const startRotation: Command<typeof startRotationInput, StartedRotation> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<StartedRotation> => {
    const { key, ...rotation } = await beginRotation(context, rawInput);
    const system = systemContext("start-rotation", key.accountId, context.origin.requestId);
    await makeAtEngine(system, key, () =>
      activateRotation(system, { ...rotation, newKeyId: key.id, startedById: userIdOf(context) }),
    );
    return { ...key, until: rotation.until };
  },
  { action: "access-keys:rotate" as const, input: startRotationInput },
);

const beginRotation = command({
  action: "access-keys:rotate",
  input: startRotationInput,
  // Of many at once all but one come to nothing, but each has had the engine make a key, past the account's quota.
  throttle: ({ context }) => [["rotations", accountIdOf(context)]],

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    await requireFirstPost(tx, accountId, input.requestId);
    const old = await lockReplaceableKey(tx, accountId, input.id);
    const until = await endOfOverlap(tx, { accountId, oldExpiresAt: old.expiresAt, running: null }, input);
    const expiresAt = input.expiresOn ? await endOfDay(tx, input.expiresOn) : null;
    if (expiresAt && expiresAt <= until) {
      throw new InvalidInput([{ path: ["expiresOn"], message: "endBeforeOverlap", params: {} }]);
    }
    const buckets = await lockBucketsOf(tx, old.id);
    const key = await newAccessKey(tx, {
      accountId,
      requestId: input.requestId,
      name: input.name,
      permission: old.permission,
      allBuckets: old.allBuckets,
      bucketIds: buckets.map(({ id }) => id),
      expiresAt,
      createdById: userIdOf(context),
    });
    return { key, oldKeyId: old.id, until };
  },

  audit: ({ input, output: { key, until } }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: {
      newKeyId: key.id,
      newName: key.name,
      newAccessKeyId: key.accessKeyId,
      newExpiresAt: key.expiresAt?.toISOString() ?? null,
      until: until.toISOString(),
    },
  }),
});

interface ReplaceableKey {
  id: string;
  permission: AccessKeyPermission;
  allBuckets: boolean;
  expiresAt: Date | null;
}

/** Throws `not-found`, and `conflict` for a key that is not active or is in a rotation already, on either side of it. */
async function lockReplaceableKey(tx: Transaction, accountId: string, id: string): Promise<ReplaceableKey> {
  const [key] = await tx.$queryRaw<(ReplaceableKey & { isActive: boolean })[]>`
    SELECT id, permission::text AS permission, all_buckets AS "allBuckets", expires_at AS "expiresAt",
           state = 'active' AS "isActive"
    FROM access_key WHERE id = ${id}::uuid AND account_id = ${accountId}::uuid AND state <> 'failed'
    FOR NO KEY UPDATE`;
  if (!key) throw new DomainError("not-found");
  const running = await tx.accessKeyRotation.count({
    where: { accountId, state: "running", OR: [{ oldKeyId: id }, { newKeyId: id }] },
  });
  if (!key.isActive || running > 0) throw new DomainError("conflict");
  return key;
}

/** Has the new key work for people and the rotation run, both or neither. */
const activateRotation = command({
  action: "access-keys:settle-rotation",
  input: z.object({
    oldKeyId: z.uuid(),
    newKeyId: z.uuid(),
    until: z.date(),
    startedById: z.uuid(),
  }),

  async run({ tx, input: { oldKeyId, newKeyId, until, startedById }, context }) {
    const accountId = accountIdOf(context);
    // Revoked, or put into another rotation, while the engine made the new key.
    await lockReplaceableKey(tx, accountId, oldKeyId);
    if (!(await activateNewKey(tx, accountId, newKeyId))) return { settled: false, id: null };
    const { id, oldKey } = await tx.accessKeyRotation.create({
      data: { accountId, oldKeyId, newKeyId, until, startedById },
      select: { id: true, oldKey: { select: { name: true, createdById: true } } },
    });
    // The moment itself; the schedule is for what this one misses.
    await enqueue(tx, "settle-rotations", {}, { startAfter: until });
    const told = { accountId, oldKeyId, oldName: oldKey.name, oldCreatedById: oldKey.createdById };
    await tell(tx, "access-key-rotation-started", told, until);
    return { settled: true, id };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.newKeyId,
    ...(output.settled
      ? {
          details: {
            before: { state: "provisioning" },
            after: { state: "active" },
            rotationId: output.id,
            replaces: input.oldKeyId,
          },
        }
      : {}),
  }),
});
