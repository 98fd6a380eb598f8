import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { changeProviderRoleInput } from "./schema.ts";
import { setProviderRole } from "./set-provider-role.ts";
import { noProviderRole } from "./states.ts";

/**
 * Makes a user one of the provider's staff, gives them another role there or takes it from them. Throws
 * `last-operator` where nobody would be left who could do this, `already-done` for the role that they have.
 */
export const changeProviderRole = command({
  action: "users:change-provider-role",
  input: changeProviderRoleInput,

  async run({ tx, input, context }) {
    const id = input.userId;
    const role = input.role === noProviderRole ? null : input.role;
    // What the log says of before is then what this replaced.
    await oneAtATime(tx, `user:${id}`);
    const user = await tx.user.findUnique({ where: { id }, select: { providerRole: true } });
    if (!user) throw new DomainError("not-found");
    if (user.providerRole === role) throw new DomainError("already-done");
    await setProviderRole(tx, id, role);
    return { id, before: user.providerRole, after: role, isSelf: id === userIdOf(context) };
  },

  audit: ({ input, output: { id, before, after } }) => ({
    resourceType: "user",
    resourceId: id,
    details: {
      before: { providerRole: before },
      after: { providerRole: after },
      reason: input.reason,
    },
  }),
});
