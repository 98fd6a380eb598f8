import type { Transaction } from "#app/ports/db.server.ts";
import { revokeLinks } from "../link-tokens.ts";

/**
 * Forgets the changes of address that a person asked for and has not confirmed; their links work no more. Who has
 * lost control of a session for a while takes back with it what was begun there.
 */
export async function dropEmailChanges(tx: Transaction, userId: string): Promise<void> {
  const open = await tx.emailChange.findMany({ where: { userId, confirmedAt: null }, select: { id: true } });
  for (const { id } of open) await revokeLinks(tx, "email_change", id);
  await tx.emailChange.deleteMany({ where: { id: { in: open.map(({ id }) => id) }, confirmedAt: null } });
}
