import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../../errors.ts";

/**
 * Closes a user for good, within the caller's transaction: every way in ends, and a pseudonym takes the place of what
 * names the person. The row stays, since what they did and made points to it. Answers the addresses that they had.
 * Throws `already-done`: of two at once, one closes it.
 */
export async function forgetUser(tx: Transaction, userId: string): Promise<{ emails: string[] }> {
  const { email } = await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  const now = new Date();
  const { count } = await tx.user.updateMany({
    where: { id: userId, closedAt: null },
    data: {
      name: `user-${userId.slice(-8)}`,
      email: pseudonymousEmail(userId),
      passwordHash: null,
      timeZone: null,
      providerRole: null,
      disabledAt: now,
      closedAt: now,
    },
  });
  if (count !== 1) throw new DomainError("already-done");

  const changes = await tx.emailChange.findMany({ where: { userId } });
  const emails = [...new Set([email, ...changes.flatMap(({ oldEmail, newEmail }) => [oldEmail, newEmail])])];
  await tx.linkToken.deleteMany({ where: { subjectId: { in: [userId, ...changes.map(({ id }) => id)] } } });
  await tx.emailChange.deleteMany({ where: { userId } });
  await tx.session.deleteMany({ where: { userId } });
  await tx.identity.deleteMany({ where: { userId } });
  await tx.secondFactor.deleteMany({ where: { userId } });
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.formDraft.deleteMany({ where: { userId } });
  await tx.signUp.deleteMany({ where: { email } });
  return { emails };
}

/** Stands where an address must, and is nobody's (RFC 2606: `.invalid` is never a domain). */
export function pseudonymousEmail(userId: string): string {
  return `user-${userId}@closed.invalid`;
}
