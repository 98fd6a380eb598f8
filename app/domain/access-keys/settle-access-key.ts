import { randomUUID } from "node:crypto";
import { z } from "zod";
import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { standingStates } from "./states.ts";

const states = ["provisioning", ...standingStates, "revoking", "failed"] as const;

/**
 * A step that the system takes with a key, after the engine has answered or a time has come. Does nothing
 * where another run was faster: `settled` tells.
 *
 * `removed`: the key was never handed out and the engine has forgotten it.
 */
export const settleAccessKey = command({
  action: "access-keys:settle",
  input: z.object({
    id: z.uuid(),
    from: z.enum(states),
    to: z.enum(["active", "inactive", "failed", "revoking", "revoked", "removed"]),
    /** Why a key is revoked by the system. */
    cause: z.enum(["expired"]).optional(),
    /** What the engine said, where this is not how it was meant to end. */
    problem: z.string().optional(),
  }),

  async run({ tx, input: { id, from, to, problem }, context }) {
    const where = { id, accountId: accountIdOf(context), state: from };
    if (to === "removed") {
      const { count } = await tx.accessKey.deleteMany({ where });
      return { settled: count === 1 };
    }
    const { count } = await tx.accessKey.updateMany({
      where,
      data: {
        state: to,
        ...(to === "revoked" ? { revokedAt: new Date() } : {}),
        lastError: problem ?? null,
        // The form of a key that came to nothing may be posted again.
        ...(to === "failed" ? { requestId: randomUUID() } : {}),
      },
    });
    if (count === 1 && to === "revoking") await enqueue(tx, "revoke-access-key", { id });
    return { settled: count === 1 };
  },

  audit: ({ input, output }) => ({
    resourceType: "access-key",
    resourceId: input.id,
    ...(output.settled
      ? {
          details: {
            before: { state: input.from },
            after: { state: input.to },
            ...(input.cause ? { cause: input.cause } : {}),
            ...(input.problem ? { problem: input.problem } : {}),
          },
        }
      : {}),
  }),
});
