import type { Ran } from "./run.ts";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** What a step needs to know of the run that it is part of. */
export interface StepContext {
  /** Arguments given after the step's name. */
  extra: string[];
  /** A folder for reports, removed at the end. */
  scratch: string;
  /** Show output as it comes. */
  live: boolean;
}

export interface Step {
  /** What `--only` calls it. */
  name: string;
  what: string;
  run(context: StepContext): Promise<Ran & { counts?: Counts }>;
}

/** How one step went. A step that counts no tests of its own counts as one. */
export interface Outcome {
  name: string;
  ok: boolean;
  counts: Counts;
}

/** Runs one step and says how it went: a line, and everything it printed when it failed. */
export async function report(step: Step, context: StepContext): Promise<Outcome> {
  const startedAt = performance.now();
  const { ok, output, counts } = await step.run(context).catch((error: Error) => ({
    ok: false,
    output: `${error.stack}\n`,
    counts: undefined,
  }));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const detail = counts ? `${inWords(counts)}, ${seconds} s` : `${seconds} s`;
  console.log(`${ok ? "✓" : "✗"} ${step.what}: ${detail}`);
  if (!ok && output) console.log(`\n${output.trimEnd()}\n`);
  return { name: step.name, ok, counts: counted(ok, counts) };
}

/** A tool that fails without a failed test (a file that does not load, say) counts as one failure. */
function counted(ok: boolean, counts: Counts | undefined): Counts {
  if (!counts) return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function inWords({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * The sum of all steps, and the ones to look at.
 *
 * @param command what the run was started with, "npm test".
 */
export function printSummary(outcomes: Outcome[], command: string): void {
  const sum = (key: keyof Counts) => outcomes.reduce((total, { counts }) => total + counts[key], 0);
  const failures = outcomes.filter(({ ok }) => !ok).map(({ name }) => name);
  if (failures.length > 0) {
    console.log(`\nFailed: ${failures.join(", ")}. One alone: ${command} -- --only ${failures[0]}`);
    process.exitCode = 1;
  }
  console.log(`\n${inWords({ passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") })}`);
}

/** `--only STEP[,STEP…]` and what follows it, for those steps. Anything else ends the process with the usage. */
export function readArguments(
  args: string[],
  steps: readonly Step[],
  command: string,
): { only: string[]; extra: string[] } {
  const names = steps.map(({ name }) => name);
  if (args.length === 0) return { only: [], extra: [] };
  const only = args[0] === "--only" ? (args[1]?.split(",") ?? []) : [];
  if (only.length === 0 || !only.every((name) => names.includes(name))) {
    console.error(`Usage: ${command} [-- --only STEP[,STEP…] [arguments]]\nSteps: ${names.join(", ")}`);
    process.exit(2);
  }
  return { only, extra: args.slice(2) };
}
