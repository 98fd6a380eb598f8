import type { Transaction } from "#app/ports/db.server.ts";
import { InvalidInput } from "../errors.ts";

/** The zone in which a day of an expiry begins and ends: the one that pages show times in. */
const timeZone = "America/Sao_Paulo";

/**
 * The last millisecond of a day (`2026-12-31`), so that the day is still the same where it is shown. PostgreSQL knows the zone's rules. Throws InvalidInput
 * for a day that has.
 */
export async function endOfDay(tx: Transaction, day: string): Promise<Date> {
  const [end] = await tx.$queryRaw<{ at: Date }[]>`
    SELECT (${day}::date + 1)::timestamp AT TIME ZONE ${timeZone} - interval '1 millisecond' AS at`;
  if (!end || end.at.getTime() <= Date.now()) {
    throw new InvalidInput([{ path: ["expiresOn"], message: "dateInThePast", params: {} }]);
  }
  return end.at;
}
