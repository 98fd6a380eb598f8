import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { stopEmptyingInput } from "./schema.ts";

/**
 * Has an emptying stop after what it is at. What is gone stays gone. Throws `not-found` where none is under way, or it
 * was asked to stop before.
 */
export const stopEmptying = command({
  action: "buckets:stop-emptying",
  input: stopEmptyingInput,

  async run({ tx, input: { bucketId }, context }) {
    const [stopped] = await tx.bucketEmptying.updateManyAndReturn({
      where: { bucketId, accountId: accountIdOf(context), state: { in: ["queued", "running"] } },
      data: { state: "stopping" },
      select: { id: true },
    });
    if (!stopped) throw new DomainError("not-found");
    return stopped;
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: input.bucketId,
    details: { emptyingId: output.id, after: { state: "stopping" } },
  }),
});
