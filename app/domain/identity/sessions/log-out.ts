import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { logOutInput } from "../schema.ts";

/** Ends one of the caller's own sessions on the server. Ending it again does nothing. */
export const logOut = command({
  action: "sessions:end",
  input: logOutInput,

  async run({ tx, input, context }) {
    const userId = userIdOf(context);
    await tx.session.deleteMany({ where: { id: input.sessionId, userId } });
  },

  audit: ({ input }) => ({ resourceType: "session", resourceId: input.sessionId }),
});
