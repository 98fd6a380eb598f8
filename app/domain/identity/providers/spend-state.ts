import { db } from "#app/ports/db.server.ts";
import { hashToken } from "../token.ts";

/**
 * Uses up the state of a visit to a provider: true once, and false ever after, also for the one of two at once that
 * came second. Done before the provider is asked for anything, so that an answer sent again costs nothing (ASVS 10.2.1).
 */
export async function spendState(state: string, expiresAt: Date): Promise<boolean> {
  const { count } = await db.usedState.createMany({
    data: { stateHash: hashToken(state), expiresAt },
    skipDuplicates: true,
  });
  return count === 1;
}
