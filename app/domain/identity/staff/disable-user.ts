import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { revokeLinks } from "../link-tokens.ts";
import { endSessions } from "../sessions/sessions.ts";
import { refuseLastOperator } from "./last-operator.ts";
import { disableUserInput } from "./schema.ts";

/**
 * Shuts somebody out: no way to sign in is left, and their sessions end at once (ASVS 7.4.2). What they own stays.
 * Throws `own-user` for the caller, `last-operator` for the last one who could undo it, `already-done`.
 */
export const disableUser = command({
  action: "users:disable",
  input: disableUserInput,

  async run({ tx, input, context }) {
    const id = input.userId;
    if (id === userIdOf(context)) throw new DomainError("own-user");
    await refuseLastOperator(tx, id);
    const { count } = await tx.user.updateMany({
      where: { id, disabledAt: null },
      data: { disabledAt: new Date() },
    });
    if (count !== 1) throw new DomainError("already-done");
    // These would open a door again that was shut.
    await revokeLinks(tx, "operator_recovery", id);
    await revokeLinks(tx, "password_reset", id);
    return { id, endedSessions: await endSessions(tx, id) };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.id,
    details: { reason: input.reason, endedSessions: output.endedSessions },
  }),
});
