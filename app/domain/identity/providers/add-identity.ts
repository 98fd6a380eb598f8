import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../../errors.ts";
import type { PendingIdentity } from "./pending-identity.ts";

/**
 * Lets a person sign in by an identity at another provider from now on. The caller has made sure that the person is its
 * holder. Throws `identity-taken` where it is a user's already, this one's too: (issuer, subject) is one person's, once
 * (ASVS 6.8.1).
 */
export async function addIdentity(
  tx: Transaction,
  userId: string,
  { provider, issuer, subject, email, name }: PendingIdentity,
): Promise<void> {
  const label = email ?? name ?? subject;
  const { count } = await tx.identity.createMany({
    data: { userId, provider, issuer, subject, label, lastUsedAt: new Date() },
    // Of two at once, the second is told here and not by a broken transaction.
    skipDuplicates: true,
  });
  if (count !== 1) throw new DomainError("identity-taken");
}
