/**
 * Every check and test of the project, in the order in which they tell most soonest. One line for each, the
 * whole output of what failed, and the sum at the end.
 *
 *     npm test                                   everything
 *     npm test -- --only types,unused            some steps; with a single one, its output is shown live
 *     npm test -- --only vitest app/domain       …with arguments of its own
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium, findProgram } from "#tests/support/chromium.ts";
import { createTestDatabase, startTestPostgres } from "#tests/support/postgres.ts";
import { type Outcome, printSummary, report, type Step, type StepContext } from "./testing/report.ts";
import { type Ran, run } from "./testing/run.ts";

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
  { name: "vitest", what: "unit, route, contract and fault tests (vitest)", run: runVitest },
  { name: "e2e", what: "end-to-end tests (playwright)", run: runPlaywright },
];

async function main(): Promise<void> {
  const { only, extra } = readArguments(process.argv.slice(2));
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
  printSummary(outcomes);
}

// --- The steps that take more than a command ---------------------------------------------------------------

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

async function runVitest(context: StepContext) {
  const report = join(context.scratch, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const result = await run(
    [node, "node_modules/vitest/vitest.mjs", "run", ...reporters, ...context.extra],
    context,
  );
  const summary = await readReport<{
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  }>(report);
  return {
    ...result,
    counts: summary && {
      passed: summary.numPassedTests,
      failed: summary.numFailedTests,
      skipped: summary.numPendingTests + summary.numTodoTests,
    },
  };
}

async function runPlaywright(context: StepContext) {
  const browser = await ensureBrowsers(context);
  if (!browser.ok) return browser;

  const report = join(context.scratch, "playwright.json");
  const result = await run(
    [node, "node_modules/@playwright/test/cli.js", "test", "--reporter=line,json", ...context.extra],
    context,
    { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  );
  const summary = await readReport<{
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  }>(report);
  return {
    ...result,
    counts: summary && {
      passed: summary.stats.expected,
      failed: summary.stats.unexpected + summary.stats.flaky,
      skipped: summary.stats.skipped,
    },
  };
}

/** What the end-to-end tests drive: Debian's package, and how to find out that it is there. */
const browsers = [
  { name: "chromium", isThere: () => findChromium() !== undefined },
  { name: "lynx", isThere: () => findProgram(["lynx"]) !== undefined },
];

/** Installs Debian's browsers where they are missing and this user may. */
async function ensureBrowsers(context: StepContext): Promise<Ran> {
  const missing = browsers.filter(({ isThere }) => !isThere()).map(({ name }) => name);
  if (missing.length === 0) return { ok: true, output: "" };
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  if (process.getuid?.() !== 0) {
    return {
      ok: false,
      output:
        `The end-to-end tests need ${missing.join(" and ")}. Install with: sudo ${command}\n` +
        "(CHROMIUM may name a Chromium elsewhere.)\n",
    };
  }
  console.log(`  installing ${missing.join(" and ")} with apt`);
  const result = await run(["sh", "-c", `apt-get update && ${command}`], context, {
    DEBIAN_FRONTEND: "noninteractive",
  });
  return { ok: result.ok && browsers.every(({ isThere }) => isThere()), output: result.output };
}

async function readReport<Report>(file: string): Promise<Report | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
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

function readArguments(args: string[]): { only: string[]; extra: string[] } {
  const names = [generated, ...checks, ...tests].map(({ name }) => name);
  if (args.length === 0) return { only: [], extra: [] };
  const only = args[0] === "--only" ? (args[1]?.split(",") ?? []) : [];
  if (only.length === 0 || !only.every((name) => names.includes(name))) {
    console.error(`Usage: npm test [-- --only STEP[,STEP…] [arguments]]\nSteps: ${names.join(", ")}`);
    process.exit(2);
  }
  return { only, extra: args.slice(2) };
}

await main();
