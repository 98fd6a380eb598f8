import pg from "pg";

/** A role that can log in. */
export interface RoleDefinition {
  name: string;
  password: string;
  /** Allows CREATE DATABASE: `prisma migrate dev` replays the migrations in a scratch database. */
  createDatabases?: boolean;
}

/** A database that only its owner and the named roles may connect to. */
export interface DatabaseDefinition {
  name: string;
  owner: string;
  /** Roles that may connect beside the owner. */
  connect?: string[];
  /** The database to copy; nobody may be connected to it at that moment. */
  template?: string;
}

/** Creates the role, or gives an existing one this password and these rights. */
export async function ensureRole(superuserUrl: string, role: RoleDefinition): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const name = pg.escapeIdentifier(role.name);
    const exists = await client.query("select 1 from pg_roles where rolname = $1", [role.name]);
    if (exists.rowCount === 0) await client.query(`create role ${name}`);
    await client.query(
      `alter role ${name} with login nosuperuser nocreaterole ${role.createDatabases ? "createdb" : "nocreatedb"} ` +
        `password ${pg.escapeLiteral(role.password)}`,
    );
  });
}

/** Creates the database unless it exists, and closes it to everyone but its owner and the named roles. */
export async function ensureDatabase(superuserUrl: string, database: DatabaseDefinition): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const name = pg.escapeIdentifier(database.name);
    const exists = await client.query("select 1 from pg_database where datname = $1", [database.name]);
    if (exists.rowCount === 0) {
      const template = pg.escapeIdentifier(database.template ?? "template1");
      await client.query(
        `create database ${name} owner ${pg.escapeIdentifier(database.owner)} template ${template}`,
      );
    }
    await client.query(`revoke all on database ${name} from public`);
    for (const role of database.connect ?? []) {
      await client.query(`grant connect on database ${name} to ${pg.escapeIdentifier(role)}`);
    }
  });
}

/** Removes the database and ends the connections to it; no error when there is none. */
export async function dropDatabase(superuserUrl: string, name: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
  });
}

/** The same server's URL for another role and database. */
export function databaseUrl(serverUrl: string, role: string, password: string, database: string): string {
  const url = new URL(serverUrl);
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

async function withClient(url: string, run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}
