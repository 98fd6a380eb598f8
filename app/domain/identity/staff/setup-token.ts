import { db } from "#app/ports/db.server.ts";
import { hashToken, newToken } from "../token.ts";

const hourMs = 3_600_000;
const validHours = 24;

/**
 * Mints the token of the link that makes the first operator, or answers null once there is one.
 * Links minted before become invalid. Only the server's own shell calls this (scripts/operator-setup.ts).
 */
export async function issueSetupToken(): Promise<string | null> {
  if (await hasOperator()) return null;
  const token = newToken();
  await db.$transaction([
    db.setupToken.deleteMany({ where: { usedAt: null } }),
    db.setupToken.create({
      data: { tokenHash: hashToken(token), expiresAt: new Date(Date.now() + validHours * hourMs) },
    }),
  ]);
  return token;
}

async function hasOperator(): Promise<boolean> {
  return (await db.user.count({ where: { providerRole: "operator" } })) > 0;
}

/** True while the link would still work. */
export async function isSetupTokenValid(token: string): Promise<boolean> {
  const valid = await db.setupToken.count({
    where: { tokenHash: hashToken(token), usedAt: null, expiresAt: { gt: new Date() } },
  });
  return valid > 0;
}
