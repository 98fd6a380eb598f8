import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { endSessions } from "../sessions/sessions.ts";
import { enableUserInput } from "./schema.ts";

/** Lets a disabled user sign in again. Throws `already-done` for who is not disabled, or closed for good. */
export const enableUser = command({
  action: "users:enable",
  input: enableUserInput,

  async run({ tx, input }) {
    const id = input.userId;
    const { count } = await tx.user.updateMany({
      where: { id, disabledAt: { not: null }, closedAt: null },
      data: { disabledAt: null },
    });
    if (count !== 1) throw new DomainError("already-done");
    // One that began while the user was being disabled has slept since: it must not wake up.
    await endSessions(tx, id);
    return { id };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.id,
    details: { reason: input.reason },
  }),
});
