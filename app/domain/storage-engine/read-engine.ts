import { type EngineHealth, PAGE_DEADLINE_MS, type StorageCapabilities } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { authorize } from "../authorization.ts";
import type { Context } from "../context.ts";

export interface EngineShown {
  /**
   * `answers`; `away`: nothing usable comes back; `refuses`: it does not accept the installation's admin key, or says
   * something that no engine known here says.
   */
  condition: "answers" | "away" | "refuses";
  /** Of a signed request that reaches the engine's metadata; null where it failed. */
  latencyMs: number | null;
  /** Since when this web process sees the engine answer or not. */
  since: Date;
  /** The latest failure, past ones included; null when this web process saw none. */
  lastError: EngineHealth["lastError"];
  /** What it is and why it cannot be used, if so; null where it could not be asked. */
  identity: Pick<StorageCapabilities, "engine" | "tenancy" | "limitation"> | null;
}

/** How the engine is doing, asked of it now, within a page's time. */
export async function readEngine(context: Context): Promise<EngineShown> {
  authorize(context, "storage-engine:read");
  const options = { deadlineMs: PAGE_DEADLINE_MS };
  const [answer, identity] = await Promise.all([
    orError(storage.checkHealth(options)),
    orError(storage.capabilities(options)),
  ]);
  const { since, lastError } = storage.health();
  const refusal = answer instanceof StorageError && !answer.retryable ? answer : null;
  return {
    condition: refusal ? "refuses" : answer instanceof StorageError ? "away" : "answers",
    latencyMs: answer instanceof StorageError ? null : answer.latencyMs,
    since,
    // A refusal is an answer, so that the engine's health does not count it.
    lastError: refusal ? { message: refusal.message, at: new Date() } : lastError,
    identity: identity instanceof StorageError ? null : shown(identity),
  };
}

/** Whether the engine is known not to answer at present, for pages to say so. Asks nothing. */
export function isEngineAway(): boolean {
  return storage.health().state !== "closed";
}

async function orError<Answer>(answer: Promise<Answer>): Promise<Answer | StorageError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
}

function shown({ engine, tenancy, limitation }: StorageCapabilities): EngineShown["identity"] {
  return { engine, tenancy, limitation };
}
