import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { endSessionsOfInput } from "./schema.ts";

/**
 * An operator ends one session of somebody, or all of them (ASVS 7.4.5). Answers how many that were. Throws
 * `not-found` where the one that was named is not theirs or has ended.
 */
export const endSessionsOf = command({
  action: "users:end-sessions",
  input: endSessionsOfInput,

  async run({ tx, input }) {
    const { userId, sessionId } = input;
    const { count } = await tx.session.deleteMany({
      where: { userId, ...(sessionId ? { id: sessionId } : {}) },
    });
    if (sessionId && count !== 1) throw new DomainError("not-found");
    return { ended: count };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: input.userId,
    details: { reason: input.reason, sessionId: input.sessionId ?? null, ended: output.ended },
  }),
});
