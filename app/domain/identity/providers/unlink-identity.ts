import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { oneAtATime } from "../../one-at-a-time.ts";
import { isUsable, providerName } from "./providers.ts";
import { unlinkIdentityInput } from "./schema.ts";

/** Takes an identity away from the caller. Throws `last-way-in` where they could not sign in any more without it. */
export const unlinkIdentity = command({
  action: "identities:unlink",
  input: unlinkIdentityInput,

  async run({ tx, input: { id }, context }) {
    const userId = userIdOf(context);
    // Two at once, each leaving the other's as the last way in, would leave none.
    await oneAtATime(tx, `ways-in:${userId}`);
    const identity = await tx.identity.findFirst({ where: { id, userId } });
    if (!identity) throw new DomainError("not-found");
    await tx.identity.deleteMany({ where: { id, userId } });
    if (!(await hasWayIn(tx, userId))) throw new DomainError("last-way-in");
    const name = providerName(identity.provider);
    await notify(tx, {
      kind: "identity-unlinked",
      userIds: [userId],
      accountId: null,
      data: { providerName: name },
    });
    return { userId, provider: identity.provider, providerName: name };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { provider: output.provider },
  }),
});

/** A password, or an identity at a provider that is still set up. */
async function hasWayIn(tx: Transaction, userId: string): Promise<boolean> {
  const { passwordHash, identities } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { passwordHash: true, identities: { select: { provider: true, issuer: true } } },
  });
  return passwordHash !== null || identities.some(isUsable);
}
