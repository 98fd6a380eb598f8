import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import type { Context } from "../context.ts";
import { DomainError } from "../errors.ts";
import { createUser } from "../identity/create-user.ts";
import { hashPassword } from "../identity/passwords/password.ts";
import { refuseWeakPassword } from "../identity/passwords/refuse-weak-password.ts";
import { addIdentity } from "../identity/providers/add-identity.ts";
import { provenEmail } from "../identity/providers/providers.ts";
import { startSession } from "../identity/sessions/sessions.ts";
import { linkLimits } from "../identity/throttling/link-throttle.ts";
import { findInvitation } from "./read-invitations.ts";
import { acceptAsNewUserInput, acceptWithIdentityInput } from "./schema.ts";
import { auditJoining, inInvitedAccount, join, takeInvitation } from "./take-invitation.ts";

/**
 * Makes a user of the invited address, with a password, and signs them in. Following the mailed link has shown that
 * the address is theirs; the link that whoever invited passed on has not, and is `link-invalid` here. Throws
 * `email-taken` where there is a user with the address meanwhile.
 */
export const acceptAsNewUser = inInvitedAccount(
  command({
    action: "invitations:accept",
    input: acceptAsNewUserInput,
    throttle: linkLimits,
    conflicts: { user_email_key: { code: "email-taken" } },

    async prepare({ token, name, password }) {
      // Hashing is dear: not for a link that leads nowhere.
      const invitation = await findInvitation(token);
      if (!invitation?.provesAddress) throw new DomainError("link-invalid");
      const { email, account } = invitation;
      await refuseWeakPassword(password, { email, name, accountNames: account ? [account.name] : [] });
      return hashPassword(password);
    },

    run: ({ tx, input: { token, name }, prepared: passwordHash, context }) =>
      joinAsNewUser(tx, context, { token, name, passwordHash, provenEmail: null }),

    audit: ({ output }) => auditJoining(output.invitation, output.userId),
  }),
);

/**
 * The same for somebody who signs in by another provider, whose identity they have just proved. Either kind of link will
 * do where that provider is trusted to vouch for the address. Throws `identity-taken`, too.
 */
export const acceptWithIdentity = inInvitedAccount(
  command({
    action: "invitations:accept",
    input: acceptWithIdentityInput,
    throttle: linkLimits,
    conflicts: { user_email_key: { code: "email-taken" } },

    async run({ tx, input: { token, name, identity }, context }) {
      const joined = await joinAsNewUser(tx, context, {
        token,
        name,
        passwordHash: null,
        provenEmail: provenEmail(identity),
      });
      await addIdentity(tx, joined.userId, identity);
      return joined;
    },

    audit: ({ output }) => auditJoining(output.invitation, output.userId),
  }),
);

interface Newcomer {
  token: string;
  name: string;
  passwordHash: string | null;
  /** An address that a provider vouches for. */
  provenEmail: string | null;
}

async function joinAsNewUser(tx: Transaction, context: Context, newcomer: Newcomer) {
  const invitation = await takeInvitation(tx, newcomer.token, "accepted");
  const { email, provesAddress } = invitation;
  if (!provesAddress && newcomer.provenEmail !== email) throw new DomainError("link-invalid");
  const { name, passwordHash } = newcomer;
  const user = await createUser(tx, { email, name, passwordHash, locale: context.locale });
  await join(tx, invitation, user);
  const session = await startSession(tx, user.id, context);
  return { userId: user.id, locale: user.locale, invitation, ...session };
}
