import type { Transaction } from "#app/ports/db.server.ts";

/**
 * Waits until no other transaction holds this name, then holds it until the caller's ends. For rules
 * about rows that are not there yet, which no row lock can guard: `account-document:52998224725`.
 */
export async function oneAtATime(tx: Transaction, name: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}
