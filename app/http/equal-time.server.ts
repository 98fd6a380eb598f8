import { setTimeout as pause } from "node:timers/promises";

/** Well above what the slower of two ways takes. */
const leastMs = 600;

/**
 * Answers after this long at the earliest, so that the time does not tell which way the work went. A refusal is told at
 * once: it must not depend on what is to be hidden.
 */
export async function inEqualTime<Output>(work: Promise<Output>): Promise<Output> {
  const [output] = await Promise.all([work, pause(leastMs)]);
  return output;
}
