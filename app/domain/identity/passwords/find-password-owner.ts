import { db } from "#app/ports/db.server.ts";
import type { PasswordOwner } from "./refuse-weak-password.ts";

/** Whose password it is, with what others would guess first; null where the user is gone or disabled. */
export async function findPasswordOwner(
  userId: string,
): Promise<(PasswordOwner & { passwordHash: string | null }) | null> {
  const user = await db.user.findFirst({
    where: { id: userId, disabledAt: null },
    select: {
      email: true,
      name: true,
      passwordHash: true,
      members: { select: { account: { select: { name: true } } }, take: 20 },
    },
  });
  if (!user) return null;
  const { members, ...owner } = user;
  return { ...owner, accountNames: members.map(({ account }) => account.name) };
}
