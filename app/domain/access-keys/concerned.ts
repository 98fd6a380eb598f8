import type { Transaction } from "#app/ports/db.server.ts";

/** Who is told of a key: who can replace it, and who made it, as long as they may look at it. Ids of users. */
export async function listConcerned(
  tx: Transaction,
  accountId: string,
  createdById: string | null,
): Promise<string[]> {
  const members = await tx.member.findMany({
    where: {
      accountId,
      OR: [
        { role: { in: ["owner", "admin"] } },
        ...(createdById ? [{ userId: createdById, role: "developer" as const }] : []),
      ],
    },
    select: { userId: true },
  });
  return members.map(({ userId }) => userId);
}
