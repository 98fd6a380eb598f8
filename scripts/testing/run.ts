import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** How a command went, and all that it printed (nothing of it where it was shown live). */
export interface Ran {
  ok: boolean;
  output: string;
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
  const [code] = (await once(child, "close")) as [number | null];
  return { ok: code === 0, output };
}
