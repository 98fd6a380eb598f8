import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { startSession } from "../sessions/sessions.ts";
import { addIdentity } from "./add-identity.ts";
import type { PendingIdentity } from "./pending-identity.ts";
import { provenEmail, providerName } from "./providers.ts";
import { identityInput } from "./schema.ts";

/**
 * Signs somebody in by who they are at a provider, known by issuer and subject (ASVS 6.8.1). An identity that is new
 * here is linked to the user of its address where the provider is trusted with that domain and calls the address
 * verified, and to nobody otherwise: `identity-unknown`, and they may sign up. Throws `sign-in-disabled`.
 */
export const signInWithIdentity = command({
  action: "sessions:create",
  input: identityInput,

  async run({ tx, input: identity, context }) {
    const user = (await findHolder(tx, identity)) ?? (await linkByProvenEmail(tx, identity));
    if (!user) throw new DomainError("identity-unknown");
    if (user.disabledAt) throw new DomainError("sign-in-disabled");
    const session = await startSession(tx, user.id, context);
    return { userId: user.id, locale: user.locale, ...session };
  },

  audit: ({ input, output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { provider: input.provider },
  }),
  auditRefusal: ({ email, subject }) => ({ resourceType: "user", personal: { email: email ?? "", subject } }),
});

const userFields = { id: true, locale: true, disabledAt: true } as const;

async function findHolder(tx: Transaction, { provider, issuer, subject }: PendingIdentity) {
  // The provider's id may have changed in the settings since.
  const [identity] = await tx.identity.updateManyAndReturn({
    where: { issuer, subject },
    data: { provider, lastUsedAt: new Date() },
    select: { user: { select: userFields } },
  });
  return identity?.user ?? null;
}

async function linkByProvenEmail(tx: Transaction, identity: PendingIdentity) {
  const email = provenEmail(identity);
  if (!email) return null;
  const user = await tx.user.findUnique({ where: { email }, select: userFields });
  if (!user || user.disabledAt) return user;
  // An address may be given to a new colleague, a subject never is: whom that provider knows as another is another.
  const { issuer } = identity;
  if ((await tx.identity.count({ where: { userId: user.id, issuer } })) > 0) return null;
  await addIdentity(tx, user.id, identity);
  await notify(tx, {
    kind: "identity-linked",
    userIds: [user.id],
    accountId: null,
    data: { providerName: providerName(identity.provider) },
  });
  return user;
}
