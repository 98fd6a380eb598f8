import { DomainError } from "../errors.ts";

/**
 * Makes a queue for heavy work. It bounds the memory and the threads that many sign-ins at once can take, and hands them
 * on to their transactions no faster than those can be had. Without it, a few hundred of them hold up every page and end
 * as errors of ours. Who comes when too many wait already is refused with `overloaded`, rather than kept waiting, and in
 * memory.
 */
export function takingTurns({
  atOnce,
  waitingAtMost,
  tryAgainSeconds,
}: {
  atOnce: number;
  waitingAtMost: number;
  tryAgainSeconds: number;
}) {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async function inTurn<Output>(work: () => Promise<Output>): Promise<Output> {
    if (running < atOnce) running += 1;
    else if (waiting.length >= waitingAtMost)
      throw new DomainError("overloaded", { seconds: tryAgainSeconds });
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The next takes this one's place; nobody can slip in between.
      if (next) next();
      else running -= 1;
    }
  };
}
