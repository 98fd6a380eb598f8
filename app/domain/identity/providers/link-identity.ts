import { command } from "../../command.ts";
import { userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { addIdentity } from "./add-identity.ts";
import { providerName } from "./providers.ts";
import { identityInput } from "./schema.ts";

/**
 * Lets the person who is signed in come in by a provider, too. Throws `already-done` where they can already, and
 * `identity-taken` where the identity is somebody else's.
 */
export const linkIdentity = command({
  action: "identities:link",
  input: identityInput,

  async run({ tx, input: identity, context }) {
    const userId = userIdOf(context);
    const { issuer, subject } = identity;
    if ((await tx.identity.count({ where: { issuer, subject, userId } })) > 0)
      throw new DomainError("already-done");
    await addIdentity(tx, userId, identity);
    await notify(tx, {
      kind: "identity-linked",
      userIds: [userId],
      accountId: null,
      data: { providerName: providerName(identity.provider) },
    });
    return { userId };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { provider: input.provider },
    personal: { subject: input.subject },
  }),
});
