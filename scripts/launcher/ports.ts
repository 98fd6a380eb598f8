import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port that a process of ours is about to listen on. */
export interface NeededPort {
  /** What listens there, in words: "the console". */
  what: string;
  /** The environment variable that sets it. */
  variable: string;
  port: number;
  host: string;
}

/** Processes of a launcher that was killed end by themselves within a moment, and free their ports. */
const PATIENCE_MS = 3_000;

/**
 * Makes sure that each port can be listened on.
 *
 * @throws an error that names every port that is taken and the variable to change.
 */
export async function assertPortsFree(needed: NeededPort[], patienceMs = PATIENCE_MS): Promise<void> {
  const twice = needed.find(({ port }, index) => needed.findIndex((other) => other.port === port) !== index);
  if (twice) throw new Error(`Port ${twice.port} is set for two purposes; set ${twice.variable} to another.`);

  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const free = await Promise.all(needed.map(({ host, port }) => isFree(host, port)));
    const taken = needed.filter((_, index) => !free[index]);
    if (taken.length === 0) return;
    if (Date.now() >= giveUpAt) {
      throw new Error(
        taken
          .map(
            ({ what, variable, port }) =>
              `Port ${port}, for ${what}, is taken by another program. ` +
              `Stop that program, or set ${variable} to a free port.`,
          )
          .join("\n"),
      );
    }
    await sleep(200);
  }
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((listening, failed) => {
      server.once("error", failed).listen({ host, port, exclusive: true }, listening);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error; // no such address, or a port that only root may use: say so
  }
  await new Promise((closed) => server.close(closed));
  return true;
}
