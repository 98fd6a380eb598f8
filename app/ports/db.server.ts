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
export const { sql, join: joinSql, empty: emptySql } = Prisma;
