import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "#app/generated/prisma/client.ts";
import { env } from "./env.server.ts";

/**
 * The console's database, as the runtime role: it owns nothing, so that grants and triggers bind it.
 */
export const db = new PrismaClient({
  adapter: new PrismaPg({ connectionString: env.DATABASE_URL, max: env.DATABASE_POOL_SIZE }),
  transactionOptions: { maxWait: 5_000, timeout: 15_000 },
});

export type Transaction = Prisma.TransactionClient;

/** A part of a query with its parameters: what `sql` makes and `$queryRaw` takes. */
export type Sql = Prisma.Sql;
export const { sql, join: joinSql, empty: emptySql } = Prisma;

/** Text as a pattern of LIKE that matches that text alone: put `%` around it. */
export function literalPattern(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
