import type { MemberRole } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";

/** Gives a user a role in an account, inside the caller's command. */
export async function addMember(
  tx: Transaction,
  member: { accountId: string; userId: string; role: MemberRole },
): Promise<void> {
  await tx.member.create({ data: member });
}
