import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { lockOpenRotation } from "./lock-rotation.ts";
import { endOfOverlap } from "./overlap.ts";
import { extendRotationInput } from "./schema.ts";

/**
 * Lets both keys of a rotation work for longer. People are told anew before the later end.
 *
 * Throws `conflict` where the time is over, where a key is on its way out, and where somebody has put the end off since
 * the form was shown: a second post does not do it twice.
 */
export const extendRotation = command({
  action: "access-keys:extend-rotation",
  input: extendRotationInput,

  async run({ tx, input, context }) {
    const accountId = accountIdOf(context);
    const rotation = await lockOpenRotation(tx, accountId, input.id);
    const { id, until: before, createdAt: startedAt, oldExpiresAt, newExpiresAt } = rotation;
    if (before.getTime() !== Date.parse(input.shownUntil)) throw new DomainError("conflict");
    const running = { startedAt, until: before, newExpiresAt };
    const until = await endOfOverlap(tx, { accountId, oldExpiresAt, running }, input);
    await tx.accessKeyRotation.update({ where: { id }, data: { until, warnedAt: null } });
    await enqueue(tx, "settle-rotations", {}, { startAfter: until });
    return { id, before, until };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    details: {
      rotationId: output.id,
      before: { until: output.before.toISOString() },
      after: { until: output.until.toISOString() },
    },
  }),
});
