import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** How a command went, and all that it printed (nothing of it where it was shown live). */
export interface Ran {
  ok: boolean;
  output: string;
}

const underWay = new Set<ChildProcess>();

/** Asks the programs that are under way to end, for a run that is told to stop. */
export function endPrograms(): void {
  for (const child of underWay) child.kill("SIGTERM");
}

/** Runs a program to its end, with the repository's own programs first on its PATH. */
export async function run(
  [program, ...args]: string[],
  { live }: { live: boolean },
  environment: Record<string, string> = {},
): Promise<Ran> {
  const child = spawn(program as string, args, {
    env: {
      ...process.env,
      PATH: `${join(process.cwd(), "node_modules", ".bin")}:${process.env.PATH}`,
      ...environment,
    },
    stdio: live ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  underWay.add(child);
  const [code] = (await once(child, "close").finally(() => underWay.delete(child))) as [number | null];
  return { ok: code === 0, output };
}
