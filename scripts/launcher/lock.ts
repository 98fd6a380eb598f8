import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Makes sure that this is the only launcher on the data directory, until this process ends however it ends.
 *
 * @throws when another launcher runs there.
 */
export async function lockDataDirectory(dataDir: string): Promise<void> {
  if (await tryLock(`data ${resolve(dataDir)}`)) return;
  throw new Error(
    `Balde already runs on ${resolve(dataDir)}. Stop it first, or set DATA_DIR (and the ports) to run a second one.`,
  );
}

/** Runs one build of this working directory at a time: who comes second waits, and finds the work done. */
export function whileBuilding<Result>(run: () => Promise<Result>): Promise<Result> {
  return whileLocked(`build ${process.cwd()}`, run);
}

/** Runs what has this name one at a time among the processes of this machine: who comes second waits. */
export async function whileLocked<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
  for (;;) {
    const release = await tryLock(name);
    if (release) {
      try {
        return await run();
      } finally {
        release();
      }
    }
    await sleep(200);
  }
}

/**
 * Takes a lock among the processes of this machine; undefined when another has it. It is a socket in Linux'
 * abstract namespace, which leaves no file behind that could be stale.
 *
 * @returns what releases it
 */
async function tryLock(name: string): Promise<(() => void) | undefined> {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 32);
  const lock = createServer().unref();
  try {
    await new Promise<void>((locked, failed) => {
      lock.once("error", failed).listen(`\0balde-${digest}`, locked);
    });
    return () => lock.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}
