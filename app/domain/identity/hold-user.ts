import type { Transaction } from "#app/ports/db.server.ts";
import { DomainError } from "../errors.ts";

/**
 * A user, whose row is held until the transaction ends: who is being disabled, or closes their user, at this moment
 * must not be something new afterwards. Throws `unauthenticated` where they are disabled already.
 */
export async function holdUser(tx: Transaction, id: string) {
  const [user] = await tx.$queryRaw<{ id: string; name: string; email: string }[]>`
    SELECT id, name, email FROM "user" WHERE id = ${id}::uuid AND disabled_at IS NULL FOR UPDATE`;
  if (!user) throw new DomainError("unauthenticated");
  return user;
}
