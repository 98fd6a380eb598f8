import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Counts, StepContext } from "./report.ts";
import { type Ran, run } from "./run.ts";

/** Runs vitest with these arguments and counts its tests. */
export async function runVitest(
  context: StepContext,
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<Ran & { counts?: Counts | undefined }> {
  const report = join(context.scratch, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const result = await run(
    [process.execPath, "node_modules/vitest/vitest.mjs", "run", ...reporters, ...args, ...context.extra],
    context,
    environment,
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

/** A tool's report in JSON; undefined when it died before it wrote one. */
export async function readReport<Report>(file: string): Promise<Report | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Report);
}
