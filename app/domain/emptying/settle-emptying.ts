import { z } from "zod";
import { beginDeletion } from "../buckets/begin-deletion.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { type EmptyingProblem, formatProblem } from "./states.ts";

/**
 * How an emptying ended. Tells who began it and the account's owners, and begins the bucket's deletion where that was
 * asked for. Does nothing where another run of the job was faster.
 */
export const settleEmptying = command({
  action: "buckets:settle-emptying",
  input: z.object({
    emptyingId: z.uuid(),
    to: z.enum(["finished", "stopped", "failed"]),
    /** Why it failed. */
    problem: z.custom<EmptyingProblem>((problem) => typeof problem === "object").optional(),
  }),

  async run({ tx, input: { emptyingId, to, problem }, context }) {
    const accountId = accountIdOf(context);
    const [ended] = await tx.bucketEmptying.updateManyAndReturn({
      where: { id: emptyingId, accountId, state: { in: ["queued", "running", "stopping"] } },
      data: { state: to, endedAt: new Date(), lastError: problem ? formatProblem(problem) : null },
      select: {
        deletesBucket: true,
        startedById: true,
        removedVersions: true,
        removedMarkers: true,
        bucket: { select: { id: true, name: true } },
      },
    });
    if (!ended) return null;
    const { bucket, startedById } = ended;
    const removed = Number(ended.removedVersions + ended.removedMarkers);
    await notify(tx, {
      kind: "bucket-emptied",
      userIds: [...(await listOwners(tx, accountId)), ...(startedById ? [startedById] : [])],
      accountId,
      data: { bucketId: bucket.id, name: bucket.name, outcome: to, removed },
    });
    const deletes =
      to === "finished" && ended.deletesBucket && (await beginDeletion(tx, accountId, bucket.id));
    return { bucketId: bucket.id, name: bucket.name, removed, deletes };
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket-emptying",
    resourceId: input.emptyingId,
    ...(output
      ? { details: { ...output, after: { state: input.to }, problem: input.problem?.code ?? null } }
      : {}),
  }),
});
