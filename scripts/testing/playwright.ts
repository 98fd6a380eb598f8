import { join } from "node:path";
import { findChromium, findProgram } from "#tests/support/chromium.ts";
import { ensureDebianPackages } from "./debian-packages.ts";
import type { Counts, StepContext } from "./report.ts";
import { type Ran, run } from "./run.ts";
import { readReport } from "./vitest.ts";

/** What the end-to-end tests drive. CHROMIUM may name a Chromium elsewhere. */
const browsers = [
  { name: "chromium", isThere: () => findChromium() !== undefined },
  { name: "lynx", isThere: () => findProgram(["lynx"]) !== undefined },
];

/** Runs the end-to-end tests with these arguments, after installing the browsers that they drive. */
export async function runPlaywright(
  context: StepContext,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<Ran & { counts?: Counts | undefined }> {
  const packages = await ensureDebianPackages(browsers, {
    whatFor: "The end-to-end tests need",
    live: context.live,
    say: console.log,
  });
  if (!packages.ok) return packages;

  const report = join(context.scratch, "playwright.json");
  const cli = [process.execPath, "node_modules/@playwright/test/cli.js", "test", "--reporter=line,json"];
  const result = await run([...cli, ...args, ...context.extra], context, {
    ...environment,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
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
