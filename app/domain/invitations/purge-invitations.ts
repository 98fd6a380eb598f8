import { db } from "#app/ports/db.server.ts";

/** As long as the history of mail: the audit log says for longer who invited and who joined, without an address. */
const keptDays = 30;

/** Removes invitations that were answered, cancelled or left to expire a month ago: they name people who never joined. */
export async function purgeInvitations(): Promise<void> {
  const before = { lt: new Date(Date.now() - keptDays * 86_400_000) };
  await db.invitation.deleteMany({ where: { OR: [{ closedAt: before }, { expiresAt: before }] } });
}
