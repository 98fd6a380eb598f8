import { z } from "zod";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { type BucketProblemCode, formatProblem } from "./states.ts";

/**
 * What a job found out at the engine: the bucket is there, was refused, or is gone. Does nothing where
 * another run of the job was faster.
 */
export const settleBucket = command({
  action: "buckets:settle",
  input: z.object({
    bucketId: z.uuid(),
    from: z.enum(["provisioning", "deleting"]),
    to: z.enum(["active", "failed", "deleted"]),
    /** Why it was refused. */
    problem: z.custom<BucketProblemCode>((code) => typeof code === "string").optional(),
  }),

  async run({ tx, input, context }) {
    const { bucketId, from, to, problem } = input;
    const { count } = await tx.bucket.updateMany({
      where: { id: bucketId, accountId: accountIdOf(context), state: from, deletedAt: null },
      data: {
        // The row of a deleted bucket stays, for usage and audit.
        ...(to === "deleted" ? { deletedAt: new Date() } : { state: to }),
        lastError: problem ? formatProblem({ during: from, code: problem }) : null,
      },
    });
    return { settled: count === 1 };
  },

  audit: ({ input, output }) => ({
    resourceType: "bucket",
    resourceId: input.bucketId,
    ...(output.settled
      ? {
          details: {
            before: { state: input.from },
            after: { state: input.to },
            problem: input.problem ?? null,
          },
        }
      : {}),
  }),
});
