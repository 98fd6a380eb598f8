import { readdir, readFile } from "node:fs/promises";
import pg from "pg";

/** `RETURNING old.*`, which tells an overwrite what it replaced without a lock, came with this version. */
const MINIMUM_SERVER_VERSION = 18_0000;
const MIGRATION_LOCK = 7_265_301;
const MIGRATIONS = new URL("./migrations/", import.meta.url);

/** Anything that runs a query: the pool, or one of its connections inside a transaction. */
export type Queryable = Pick<pg.Pool, "query">;

/** Opens the pool. int8 columns come as numbers: no size or count here passes 2^53. */
export function createPool(databaseUrl: string, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: "object-store",
    max: 16,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    // For a server that no longer answers at all.
    query_timeout: 40_000,
    types: {
      getTypeParser: (oid, format) =>
        oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  pool.on("connect", prepareStatements);
  // An idle connection that PostgreSQL closed. The next query opens another.
  pool.on("error", onError);
  return pool;
}

/**
 * Lets a connection prepare every statement with parameters the first time it runs it: PostgreSQL takes longer to
 * parse and plan most of them than to run them.
 */
function prepareStatements(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) =>
    typeof text === "string" && Array.isArray(values)
      ? query({ name: statementName(text), text, values }, ...rest)
      : query(text, values, ...rest)) as typeof client.query;
}

// Texts are few: those in the code, each with its variants.
const statementNames = new Map<string, string>();

function statementName(text: string): string {
  let name = statementNames.get(text);
  if (!name) {
    name = `s${statementNames.size}`;
    statementNames.set(text, name);
  }
  return name;
}

/**
 * Runs a query that is planned for these very values, not prepared once for any: for any prefix the planner would
 * have to guess how many keys there are, and might rather sort a whole bucket.
 */
export function queryUnprepared<Row extends pg.QueryResultRow>(
  database: Queryable,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult<Row>> {
  // See prepareStatements: an object is handed on as it is.
  return database.query<Row>({ text, values });
}

/** Runs `work` in a transaction on one connection and commits, or rolls back what it threw. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // Without a listener, a connection that breaks while it is checked out would end the process.
  const ignore = () => {};
  client.on("error", ignore);
  let broken = false;
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    broken = await client.query("rollback").then(
      () => false,
      () => true,
    );
    throw error;
  } finally {
    client.off("error", ignore);
    client.release(broken);
  }
}

/**
 * Applies the migrations that are due, in the order of their names, each in a transaction of its own. Processes that
 * start at once wait for each other.
 *
 * @returns the names of those applied
 * @throws Error where the server is too old
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "object-store migrations",
  });
  await client.connect();
  try {
    const { rows: version } = await client.query(
      "select current_setting('server_version_num')::int as number",
    );
    if (version[0].number < MINIMUM_SERVER_VERSION) {
      throw new Error("EMBEDDED_S3_DATABASE_URL: must be a PostgreSQL server of version 18 or later");
    }
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await client.query("create schema if not exists s3");
    await client.query(
      "create table if not exists s3.migrations (name text primary key, applied_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ name: string }>("select name from s3.migrations");
    const applied = new Set(rows.map(({ name }) => name));
    const due = (await readdir(MIGRATIONS))
      .filter((name) => name.endsWith(".sql") && !applied.has(name))
      .sort();
    for (const name of due) {
      const sql = await readFile(new URL(name, MIGRATIONS), "utf8");
      await client.query("begin");
      await client.query(sql);
      await client.query("insert into s3.migrations (name) values ($1)", [name]);
      await client.query("commit");
    }
    return due;
  } finally {
    // Ending the session gives the lock back and rolls back what failed.
    await client.end();
  }
}

/** The SQLSTATE of an error that PostgreSQL reported, undefined for any other. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/**
 * Whether a statement that failed this way may have taken effect all the same: the connection broke, or the server
 * went down, after it was sent.
 */
export function mayHaveCommitted(error: unknown): boolean {
  const state = sqlState(error);
  // 08: connection exception. 57P: the server shuts down or crashed. 58, XX: system and internal errors.
  return state === undefined ? isConnectionError(error) : /^(08|57P|58|XX)/.test(state);
}

/** Whether the database could not be reached or was going down. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined ? isConnectionError(error) : /^(08|57P|53)/.test(state);
}

/** pg has no class of its own for these; it throws Node's errors, and plain ones with these messages. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isConnectionError)) return true;
  if ("code" in error && /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(String(error.code))) {
    return true;
  }
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying|timeout expired|Query read timeout)/.test(
    error.message,
  );
}
