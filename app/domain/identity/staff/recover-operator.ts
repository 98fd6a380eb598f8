import { db } from "#app/ports/db.server.ts";
import { command } from "../../command.ts";
import { DomainError } from "../../errors.ts";
import { notify } from "../../notifications/notify.ts";
import { dropEmailChanges } from "../email/drop-email-changes.ts";
import { consumeLinkToken, findLinkSubject, mintLinkToken, revokeLinks } from "../link-tokens.ts";
import { hashPassword } from "../passwords/password.ts";
import { refuseWeakPassword } from "../passwords/refuse-weak-password.ts";
import { removeSecondFactor } from "../second-factor/remove-second-factor.ts";
import { endSessions, startSession } from "../sessions/sessions.ts";
import { linkLimits } from "../throttling/link-throttle.ts";
import { completeRecoveryInput, issueRecoveryLinkInput } from "./schema.ts";
import { setProviderRole } from "./set-provider-role.ts";

/**
 * Mints the token of the link that lets an operator back in who has lost password or second factor; links minted
 * before become invalid. With `promote` it is for any user, whom using it makes an operator. Only the server's own
 * shell calls this (scripts/operator-recover.ts). Throws `not-found`, and `forbidden` for who is no operator.
 */
export const issueRecoveryLink = command({
  action: "operators:recover",
  input: issueRecoveryLinkInput,

  async run({ tx, input: { email, promote } }) {
    const user = await tx.user.findUnique({
      where: { email, closedAt: null },
      select: { id: true, providerRole: true },
    });
    if (!user) throw new DomainError("not-found");
    const isOperator = user.providerRole === "operator";
    if (!isOperator && !promote) throw new DomainError("forbidden");
    await revokeLinks(tx, "operator_recovery", user.id);
    return {
      userId: user.id,
      promotes: !isOperator,
      token: await mintLinkToken("operator_recovery", user.id, tx),
    };
  },

  audit: ({ output }) => ({
    resourceType: "user",
    resourceId: output.userId,
    details: { promotes: output.promotes },
  }),
  auditRefusal: ({ email }) => ({ resourceType: "user", personal: { email } }),
});

/** Whom a link lets in, for its page; null where it no longer works. */
export async function findRecovery(token: string) {
  const id = await findLinkSubject("operator_recovery", token);
  return id === null
    ? null
    : db.user.findUnique({ where: { id, closedAt: null }, select: { name: true, email: true } });
}

/**
 * Lets an operator back in: they are one (again), enabled, with a new password and without second factor, which they
 * have to set up before they can do anything. All their sessions end, and one begins. Identities at other providers are
 * unlinked: somebody else may have linked one, and would set the second factor up first. Throws `link-invalid`.
 */
export const completeRecovery = command({
  action: "operators:complete-recovery",
  input: completeRecoveryInput,
  throttle: linkLimits,

  async prepare({ token, password }) {
    const user = await findRecovery(token);
    if (!user) throw new DomainError("link-invalid");
    await refuseWeakPassword(password, user);
    return hashPassword(password);
  },

  async run({ tx, input, prepared: passwordHash, context }) {
    const id = await consumeLinkToken(tx, "operator_recovery", input.token);
    if (id === null) throw new DomainError("link-invalid");
    await setProviderRole(tx, id, "operator");
    const user = await tx.user.update({
      where: { id },
      data: { passwordHash, disabledAt: null },
      select: { locale: true },
    });
    const hadSecondFactor = await removeSecondFactor(tx, id);

    // Whoever else had a way in loses it, links on their way by mail included.
    await endSessions(tx, id);
    const { count: unlinked } = await tx.identity.deleteMany({ where: { userId: id } });
    await revokeLinks(tx, "password_reset", id);
    await dropEmailChanges(tx, id);

    await notify(tx, { kind: "password-changed", userIds: [id], accountId: null });
    if (hadSecondFactor) {
      await notify(tx, { kind: "second-factor-reset", userIds: [id], accountId: null });
    }
    return { userId: id, unlinked, locale: user.locale, ...(await startSession(tx, id, context)) };
  },

  audit: ({ output: { userId, unlinked } }) => ({
    resourceType: "user",
    resourceId: userId,
    details: { unlinkedIdentities: unlinked },
  }),
});

/** Addresses of the operators, and whether each can sign in, for the server's own shell. */
export async function listOperators() {
  const operators = await db.user.findMany({
    where: { providerRole: "operator" },
    orderBy: { createdAt: "asc" },
    select: { email: true, name: true, disabledAt: true, secondFactor: { select: { confirmedAt: true } } },
  });
  return operators.map(({ email, name, disabledAt, secondFactor }) => ({
    email,
    name,
    isDisabled: disabledAt !== null,
    hasSecondFactor: Boolean(secondFactor?.confirmedAt),
  }));
}

/** Whether there is anybody at all: without, the start's link makes the first operator. */
export async function isAnyUser(): Promise<boolean> {
  return (await db.user.findFirst({ select: { id: true } })) !== null;
}
