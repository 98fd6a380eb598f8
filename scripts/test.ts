/**
 * Every check and test of the project, in the order in which they tell most soonest. One line for each, the
 * whole output of what failed, and the sum at the end.
 *
 *     npm test                                   everything
 *     npm test -- --only types,unused            some steps; with a single one, its output is shown live
 *     npm test -- --only vitest app/domain       …with arguments of its own
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTestDatabase, startTestPostgres } from "#tests/support/postgres.ts";
import { runClients } from "./testing/clients.ts";
import { runPlaywright } from "./testing/playwright.ts";
import {
  type Outcome,
  printSummary,
  readArguments,
  report,
  type Step,
  type StepContext,
} from "./testing/report.ts";
import { run } from "./testing/run.ts";
import { runVitest } from "./testing/vitest.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const node = process.execPath;
const bin = (name: string) => join("node_modules", ".bin", name);

/** What the checks and tests read but nobody writes by hand. */
const generated: Step = {
  name: "generate",
  what: "generated code (database client, route types, messages)",
  async run(context) {
    const client = await run([node, "node_modules/prisma/build/index.js", "generate"], context);
    if (!client.ok) return client;
    const [types, messages] = await Promise.all([
      run([node, "node_modules/@react-router/dev/bin.cjs", "typegen"], context),
      run([node, "scripts/compile-emails.ts"], context),
    ]);
    return { ok: types.ok && messages.ok, output: types.output + messages.output };
  },
};

const checks: Step[] = [
  {
    name: "format",
    what: "format, lint and import rules (biome)",
    run: (context) => run([bin("biome"), "check", "--error-on-warnings", ...context.extra], context),
  },
  {
    name: "lint",
    what: "lint with types (oxlint)",
    run: (context) => run([bin("oxlint"), "--type-aware", "--deny-warnings", ...context.extra], context),
  },
  {
    name: "types",
    what: "types (tsc)",
    run: (context) => run([bin("tsc"), "--noEmit", ...context.extra], context),
  },
  {
    name: "unused",
    what: "unused files, exports and packages (knip)",
    run: (context) => run([bin("knip"), "--no-progress", ...context.extra], context),
  },
  { name: "migrations", what: "migrations make the schema (prisma)", run: checkMigrations },
];

const tests: Step[] = [
  { name: "build", what: "build", run: (context) => run([node, "scripts/build.ts"], context) },
  {
    name: "vitest",
    what: "unit, route, contract and fault tests (vitest)",
    run: (context) => runVitest(context, ["--project=!clients"]),
  },
  { name: "clients", what: "tests with S3 clients from Debian's packages (vitest)", run: runClients },
  { name: "e2e", what: "end-to-end tests (playwright)", run: (context) => runPlaywright(context) },
];

async function main(): Promise<void> {
  const { only, extra } = readArguments(process.argv.slice(2), [generated, ...checks, ...tests], "npm test");
  const scratch = await mkdtemp(join(tmpdir(), "balde-reports-"));
  const context = { extra, scratch, live: only.length === 1 };
  const wanted = (step: Step) => only.length === 0 || only.includes(step.name);
  const outcomes: Outcome[] = [];
  try {
    if (only.length === 0 || wanted(generated)) outcomes.push(await report(generated, context));
    // Two at a time: they share two cores, and each is done in seconds.
    outcomes.push(...(await inPairs(checks.filter(wanted), (step) => report(step, context))));
    for (const step of tests.filter(wanted)) outcomes.push(await report(step, context));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  printSummary(outcomes, "npm test");
}

// --- The step that takes more than a command ----------------------------------------------------------------

/** Replays the migrations in a scratch database and compares the result with the schema. */
async function checkMigrations(context: StepContext) {
  const postgres = await startTestPostgres();
  try {
    const database = await createTestDatabase(postgres);
    const { ok, output } = await run(
      [node, "node_modules/prisma/build/index.js", "migrate", "diff", "--exit-code"].concat(
        "--from-migrations",
        "prisma/migrations",
        "--to-schema",
        "prisma/schema.prisma",
      ),
      context,
      { MIGRATION_DATABASE_URL: database.urlFor("balde_owner") },
    );
    return { ok, output: ok ? output : `${output}\nRun: npx prisma migrate dev` };
  } finally {
    await postgres.stop();
  }
}

// --- The order ---------------------------------------------------------------------------------------------

async function inPairs<Item, Result>(items: Item[], run: (item: Item) => Promise<Result>): Promise<Result[]> {
  const queue = [...items];
  const results: Result[] = [];
  const work = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await run(item));
  };
  await Promise.all([work(), work()]);
  return results;
}

await main();
