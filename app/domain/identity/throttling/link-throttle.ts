import type { Context } from "../../context.ts";
import { networkOf } from "./network.ts";
import type { Limit } from "./throttle.ts";

/**
 * What commands that a link alone opens are throttled by. Nobody guesses 256 bits; but who tries has each refusal
 * written down, in a log that is kept for years, and who has a link may have passwords hashed as often as they like.
 */
export function linkLimits({ context }: { context: Context }): [Limit, string][] {
  return [["links", networkOf(context.origin.address)]];
}
