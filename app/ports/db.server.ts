import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "#app/generated/prisma/client.ts";
import { env } from "./env.server.ts";
import { log } from "./logger.server.ts";

/**
 * The process's connections to the console's database. `db` is how it is used; the pool itself is for libraries that
 * bring their own statements.
 */
export const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: env.DATABASE_POOL_SIZE });
// A connection that breaks while nobody uses it is replaced with the next query; unheard, it would end the process.
pool.on("error", (error) => log.warn({ err: error }, "an idle database connection broke"));

/**
 * The console's database, as the runtime role: it owns nothing, so that grants and triggers bind it.
 */
export const db = new PrismaClient({
  adapter: new PrismaPg(pool, { disposeExternalPool: true }),
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
