import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { retryBucketInput } from "./schema.ts";
import { parseProblem } from "./states.ts";

/** Tries again, now, what the engine refused or did not answer. Throws `conflict` where nothing is wrong. */
export const retryBucket = command({
  action: "buckets:retry",
  input: retryBucketInput,

  async run({ tx, input, context }) {
    const where = { id: input.bucketId, accountId: accountIdOf(context), deletedAt: null };
    const bucket = await tx.bucket.findFirst({ where, select: { id: true, state: true, lastError: true } });
    if (!bucket) throw new DomainError("not-found");
    const problem = parseProblem(bucket.lastError);
    if (bucket.state === "active" || !problem) throw new DomainError("conflict");
    // The problem stays in sight until the new attempt has ended better.
    const { count } = await tx.bucket.updateMany({
      // As it was read: meanwhile it may have come to a good end, or somebody may have had it deleted.
      where: { ...where, state: bucket.state, lastError: bucket.lastError },
      data: { state: problem.during },
    });
    if (count !== 1) throw new DomainError("conflict");
    const queue = problem.during === "provisioning" ? "provision-bucket" : "delete-bucket";
    await enqueue(tx, queue, { bucketId: bucket.id });
    return { id: bucket.id, before: bucket.state, state: problem.during };
  },

  audit: ({ output }) => ({
    resourceType: "bucket",
    resourceId: output.id,
    details: { before: { state: output.before }, after: { state: output.state } },
  }),
});
