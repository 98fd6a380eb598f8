#!/usr/bin/env node
/**
 * The schema engine behind `prisma migrate` and `prisma db`, as a Node program.
 *
 * Prisma's command line starts a native engine, which it downloads at install time. Balde installs from the
 * npm registry alone, so this program stands in for it (prisma.config.ts names it): it speaks the same
 * protocol, one JSON-RPC message per line on stdin and stdout, and hands each call to the WebAssembly build
 * of the same engine that Prisma publishes on npm. The database is reached through Prisma's own pg adapter.
 *
 * Started as `schema-engine.mjs [--datasource JSON] [--datamodels FILE]… [cli COMMAND]`.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  strict: false, // newer command lines pass flags that do not concern us
  options: {
    datasource: { type: "string" },
    datamodels: { type: "string", multiple: true },
    version: { type: "boolean" },
    "enabled-preview-features": { type: "string" },
    "extension-types": { type: "string" },
  },
});
const databaseUrl = options.datasource ? JSON.parse(options.datasource).url : undefined;

async function main() {
  if (options.version) console.log("schema-engine-wasm");
  else if (positionals[0] === "cli") process.exitCode = await runCliCommand(positionals[1]);
  else await serve();
}

// --- One-off commands: does the database exist; create it; drop it -----------------------------------------

/** What Prisma calls the errors of PostgreSQL and of the network; anything else is "access denied". */
const PRISMA_CODES = {
  "28P01": "P1000", // wrong password
  ECONNREFUSED: "P1001",
  ENOTFOUND: "P1001",
  ETIMEDOUT: "P1001",
  "3D000": "P1003", // no such database
};

async function runCliCommand(command) {
  process.removeAllListeners("warning"); // Node's warnings on stderr are no JSON
  try {
    if (command === "can-connect-to-database") {
      await query(databaseUrl, "SELECT 1");
    } else {
      const verb = { "create-database": "CREATE", "drop-database": "DROP" }[command];
      if (!verb) throw new Error(`unknown command: ${command}`);
      const name = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
      await query(inDatabase("postgres"), `${verb} DATABASE ${pg.escapeIdentifier(name)}`);
    }
    logForPrisma("INFO", "done");
    return 0;
  } catch (error) {
    const code = PRISMA_CODES[error.code] ?? "P1010";
    logForPrisma("ERROR", error.message, { error_code: code });
    return 1;
  }
}

/** Prisma's command line skips the first line of stderr, and reads the outcome from JSON in those after it. */
function logForPrisma(level, message, fields = {}) {
  const entry = { timestamp: new Date().toISOString(), level, fields: { message, ...fields } };
  process.stderr.write(`\n${JSON.stringify({ ...entry, target: "schema_engine::logger" })}\n`);
}

// --- The long-running engine -------------------------------------------------------------------------------

async function serve() {
  // What escapes here is a defect of the engine. Exit code 101 makes Prisma report it as a panic.
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.on(event, (error) => {
      process.stderr.write(`${error?.stack ?? error}\n`);
      process.exit(101);
    });
  }

  const { SchemaEngine } = await loadWebAssembly();
  const datamodels = options.datamodels?.map((path) => [path, readFileSync(path, "utf8")]);
  const adapter = bindMigrationAwareSqlAdapterFactory(new EngineAdapter());
  let engine; // made at the first call, when the command line is ready to show what fails

  for await (const line of createInterface({ input: process.stdin })) {
    if (!line.trim()) continue;
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the answer to a message of ours
    try {
      engine ??= await SchemaEngine.new({ datamodels }, () => {}, adapter);
      respond({ id, result: (await call(engine, id, method, params)) ?? {} });
    } catch (error) {
      respond({ id, error: { code: 4466, message: messageOf(error), data: errorData(error) } });
    }
  }
  process.exit(0); // stdin has ended: Prisma is done, whatever connections are still open
}

/** The package's own entry needs a bundler's support for .wasm imports; this loads the same by hand. */
async function loadWebAssembly() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => process.stderr.write(`schema engine: ${message}\n`),
  };
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const wasmPath = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    .replace(/\.js$/, ".wasm");
  const module = new WebAssembly.Module(readFileSync(wasmPath));
  const instance = new WebAssembly.Instance(module, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/** Method names are the engine's own, save one. `diff` prints through a message to the command line. */
async function call(engine, id, method, params) {
  const name = method === "getDatabaseVersion" ? "version" : method;
  if (typeof engine[name] !== "function") throw new Error(`not supported: ${method}`);
  const result = await engine[name](params);
  if (method !== "diff") return result;

  if (result.stdout != null) {
    respond({ id: `print-${id}`, method: "print", params: { content: result.stdout } });
  }
  return { exitCode: result.exitCode };
}

function respond(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function messageOf(error) {
  return error?.message ?? String(error);
}

/** An error with a code (P1001, P3006…) is one that Prisma knows how to explain. */
function errorData(error) {
  const message = messageOf(error);
  if (!error?.code) return { is_panic: false, message, backtrace: null };
  return { is_panic: false, message, meta: error.meta ?? null, error_code: error.code };
}

// --- The database ------------------------------------------------------------------------------------------

/** Prisma's pg adapter with what the engine needs beyond what the client does. */
class EngineAdapter extends PrismaPg {
  constructor() {
    // One connection only: the advisory lock that keeps two deployments apart belongs to a connection, and
    // must still be held when the migrations run. Without a datasource nothing is ever connected to.
    super({ connectionString: databaseUrl, max: 1, idleTimeoutMillis: 0 });
  }

  async connect() {
    return mend(await super.connect());
  }

  /** The scratch database in which migrations are replayed: made for this run, dropped after it. */
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await query(databaseUrl, `CREATE DATABASE "${name}" TEMPLATE template0`);
    const connection = mend(await new PrismaPg({ connectionString: inDatabase(name), max: 1 }).connect());
    const close = connection.dispose.bind(connection);
    connection.dispose = async () => {
      await close();
      await query(databaseUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
    };
    return connection;
  }
}

/**
 * Mends two faults of @prisma/adapter-pg 7.10 that only the schema engine meets: it splits a script at every
 * semicolon, even inside a function's body, and it does not know the catalog's "char" type.
 */
function mend(connection) {
  connection.executeScript = async (script) => {
    try {
      await connection.underlyingDriver().query(script); // PostgreSQL splits the statements itself
    } catch (error) {
      connection.onError(error);
    }
  };
  const startTransaction = connection.startTransaction.bind(connection);
  connection.startTransaction = async (isolationLevel) =>
    mendCharColumns(await startTransaction(isolationLevel));
  return mendCharColumns(connection);
}

/** Lets a "char" column pass the adapter as text, then tells the engine that it is a character. */
function mendCharColumns(queryable) {
  const charColumns = new WeakMap();
  const performIO = queryable.performIO.bind(queryable);
  queryable.performIO = async (statement) => {
    const result = await performIO(statement);
    const found = result.fields.filter((field) => field.dataTypeID === pg.types.builtins.CHAR);
    charColumns.set(
      statement,
      found.map((field) => result.fields.indexOf(field)),
    );
    for (const field of found) field.dataTypeID = pg.types.builtins.TEXT;
    return result;
  };

  const queryRaw = queryable.queryRaw.bind(queryable);
  queryable.queryRaw = async (statement) => {
    const result = await queryRaw(statement);
    for (const index of charColumns.get(statement) ?? []) {
      result.columnTypes[index] = ColumnTypeEnum.Character;
    }
    return result;
  };
  return queryable;
}

/** The datasource's URL with another database. */
function inDatabase(name) {
  const url = new URL(databaseUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  return url.href;
}

async function query(connectionString, sql) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

await main(); // last, since the class above must exist before it is used
