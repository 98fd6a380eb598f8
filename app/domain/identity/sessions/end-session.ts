import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { endSessionInput } from "./schema.ts";

/** Ends one of the caller's own sessions, also the one that asks. Throws `not-found` for another person's. */
export const endSession = command({
  action: "sessions:end-any",
  input: endSessionInput,

  async run({ tx, input, context }) {
    const { count } = await tx.session.deleteMany({
      where: { id: input.sessionId, userId: userIdOf(context) },
    });
    if (count !== 1) throw new DomainError("not-found");
    return { isCurrent: input.sessionId === context.session?.id };
  },

  audit: ({ input }) => ({ resourceType: "session", resourceId: input.sessionId }),
});
