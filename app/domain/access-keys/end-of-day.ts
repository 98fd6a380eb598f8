import type { Transaction } from "#app/ports/db.server.ts";
import { InvalidInput } from "../errors.ts";
import { timeZone } from "../time-zone.ts";

/**
 * The last millisecond of a day (`2026-12-31`) in the installation's zone, whose rules PostgreSQL knows: a key
 * still works on the day that pages show as its last. Throws InvalidInput for a day that has passed.
 */
export async function endOfDay(tx: Transaction, day: string): Promise<Date> {
  const [end] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT (${day}::date + 1)::timestamp AT TIME ZONE ${timeZone} - interval '1 millisecond' AS at`;
  if (!end || end.at.getTime() <= Date.now()) {
    throw new InvalidInput([{ path: ["expiresOn"], message: "dateInThePast", params: {} }]);
  }
  return end.at;
}
