import { db } from "#app/ports/db.server.ts";

/** Notes what stands in the way of a decision that is being carried out, and is tried again. */
export async function noteProblem(findingId: string, lastError: string): Promise<void> {
  await db.finding.updateMany({
    where: { id: findingId, state: { in: ["adopting", "undoing"] } },
    data: { lastError },
  });
}
