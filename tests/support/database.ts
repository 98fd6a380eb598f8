import pg from "pg";

let pool: pg.Pool | undefined;

/**
 * Queries the test file's database as its owner, past the grants that bind the application: for assertions
 * on what was written, and for rows that no use case can make.
 */
export async function queryAsOwner<Row extends pg.QueryResultRow>(
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  pool ??= new pg.Pool({ connectionString: process.env.MIGRATION_DATABASE_URL, max: 2 });
  return (await pool.query<Row>(sql, values)).rows;
}

/** Ends the owner's connections; setup-database.ts calls it when the file is done. */
export async function closeOwnerPool(): Promise<void> {
  await pool?.end();
  pool = undefined;
}
