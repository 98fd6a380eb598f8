import { db } from "#app/ports/db.server.ts";
import { authorize } from "../authorization.ts";
import { type Context, userIdOf } from "../context.ts";

export interface ClosingObstacles {
  /** Accounts that would be left without an owner who can sign in, by name. */
  soleOwnerships: { id: string; slug: string; name: string }[];
  /** Nobody else could run the installation. */
  isLastOperator: boolean;
}

/** What the caller has to hand over before they can close their user, for its page; the command looks again. */
export async function readClosingObstacles(context: Context): Promise<ClosingObstacles> {
  authorize(context, "users:close-own");
  const userId = userIdOf(context);
  const soleOwnerships = await db.$queryRaw<ClosingObstacles["soleOwnerships"]>`
    SELECT a.id, a.slug, a.name
    FROM member own JOIN account a ON a.id = own.account_id
    WHERE own.user_id = ${userId}::uuid AND own.role = 'owner' AND a.state NOT IN ('closed', 'rejected')
      AND NOT EXISTS (
        SELECT FROM member other JOIN "user" u ON u.id = other.user_id
        WHERE other.account_id = a.id AND other.role = 'owner' AND other.user_id <> own.user_id
          AND u.disabled_at IS NULL)
    ORDER BY a.name, a.id`;
  const isOperator = context.access.providerRole === "operator";
  const others = await db.user.count({
    where: { id: { not: userId }, providerRole: "operator", disabledAt: null },
  });
  return { soleOwnerships, isLastOperator: isOperator && others === 0 };
}
