import pg from "pg";

/** PostgreSQL's major version from which on the console works. */
const MINIMUM_VERSION = 15;
const CONNECT_TIMEOUT_MS = 10_000;

/** How the two variables name the console's database; each URL holds a password. */
export interface DatabaseUrls {
  /** `MIGRATION_DATABASE_URL`: as the role that owns the database. */
  ownerUrl: string;
  /** `DATABASE_URL`: as the role that the console works as. */
  runtimeUrl: string;
}

/**
 * Makes sure that both roles reach one database and fit their parts, before anything is changed there. Grants
 * and triggers mean nothing to an owner, so one role for both would leave the audit log open to rewriting.
 *
 * @returns the runtime role's name
 * @throws an error that names the variable and says what is wrong, never its value.
 */
export async function checkDatabaseRoles({ ownerUrl, runtimeUrl }: DatabaseUrls): Promise<string> {
  return connected("MIGRATION_DATABASE_URL", ownerUrl, (owner) =>
    connected("DATABASE_URL", runtimeUrl, async (runtime) => {
      await checkOwner(owner);
      return checkRuntimeRole(owner, runtime);
    }),
  );
}

async function checkOwner(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ version: number; encoding: string; mayCreate: boolean; role: string }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version,
            current_setting('server_encoding') AS encoding, current_user AS role,
            has_database_privilege(current_database(), 'CREATE')
              AND coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'CREATE'), false) AS "mayCreate"`,
  );
  const { version = 0, encoding, mayCreate, role } = rows[0] ?? {};
  if (version < MINIMUM_VERSION) {
    throw new Error(
      `DATABASE_URL: must be a PostgreSQL server of version ${MINIMUM_VERSION} or later; this is ${version}.`,
    );
  }
  if (encoding !== "UTF8") {
    throw new Error(`DATABASE_URL: the database must have the encoding UTF8; this has ${encoding}.`);
  }
  if (!mayCreate) {
    throw new Error(
      `MIGRATION_DATABASE_URL: the role "${role}" may not create tables there; it must own the database. ` +
        HOW_TO_MAKE_THEM,
    );
  }
}

async function checkRuntimeRole(owner: pg.Client, runtime: pg.Client): Promise<string> {
  const identity = "SELECT current_user AS role, oid FROM pg_database WHERE datname = current_database()";
  const [ownerIdentity, runtimeIdentity] = await Promise.all(
    [owner, runtime].map(async (client) => {
      const { rows } = await client.query<{ role: string; oid: number }>(identity);
      return rows[0] ?? { role: "", oid: 0 };
    }),
  );
  const role = runtimeIdentity?.role ?? "";
  const { rows } = await owner.query<{ owns: boolean }>(
    "SELECT pg_has_role(oid, current_user, 'MEMBER') AS owns FROM pg_roles WHERE rolname = $1",
    [role],
  );
  if (!rows[0] || runtimeIdentity?.oid !== ownerIdentity?.oid) {
    throw new Error("DATABASE_URL and MIGRATION_DATABASE_URL must name the same database.");
  }
  if (rows[0].owns) {
    throw new Error(
      `DATABASE_URL: the role "${role}" must be another than MIGRATION_DATABASE_URL's, no member of it and no ` +
        `superuser: the console works as a role that owns nothing. ${HOW_TO_MAKE_THEM}`,
    );
  }
  return role;
}

const HOW_TO_MAKE_THEM = "docs/operating.md says how to make the database and its roles.";

async function connected<Result>(
  variable: string,
  url: string,
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "balde role check",
  });
  client.on("error", () => {}); // a connection that breaks fails the query under way
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`${variable}: ${whyNotConnected(url, error as Error & { code?: string })}`, {
      cause: error,
    });
  }
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

/** @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
function whyNotConnected(url: string, { code = "", message }: { code?: string; message: string }): string {
  const { host } = new URL(url);
  // What the server says: wrong password, no entry in pg_hba.conf; no such database; no right to connect.
  if (/^28/.test(code)) return `PostgreSQL at ${host} refuses the role or its password: ${message}.`;
  if (/^(3D|42)/.test(code)) return `PostgreSQL at ${host} says: ${message}. ${HOW_TO_MAKE_THEM}`;
  return `no connection to PostgreSQL at ${host}: ${message || code}.`;
}
