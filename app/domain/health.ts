import { db } from "#app/ports/db.server.ts";

/** Throws where the database does not answer. The engine is not asked: pages work without it. */
export async function checkReadiness(): Promise<void> {
  await db.$queryRaw`SELECT 1`;
}
