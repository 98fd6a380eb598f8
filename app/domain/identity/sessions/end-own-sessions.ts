import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { endOwnSessionsInput } from "./schema.ts";
import { endSessions } from "./sessions.ts";

/** Signs the caller out everywhere: elsewhere, or here as well. Answers how many sessions that ended. */
export const endOwnSessions = command({
  action: "sessions:end-any",
  input: endOwnSessionsInput,

  async run({ tx, input, context }) {
    const kept = input.scope === "others" ? context.session?.id : undefined;
    return { scope: input.scope, ended: await endSessions(tx, userIdOf(context), kept) };
  },

  audit: ({ input, output, context }) => ({
    resourceType: "user",
    resourceId: userIdOf(context),
    details: { scope: input.scope, ended: output.ended },
  }),
});
