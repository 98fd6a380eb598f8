import type { z } from "zod";
import type { Transaction } from "#app/ports/db.server.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import type { AuditEntry } from "./audit/record-event.ts";
import type { Action } from "./authorization.ts";
import { type Command, command, recordRefusal } from "./command.ts";
import type { Context } from "./context.ts";
import { DomainError } from "./errors.ts";

interface EngineCommandDefinition<Schema extends z.ZodType, Begun, Output> {
  action: Action;
  input: Schema;
  /** In a transaction: finds what it is about, in the caller's account, and refuses what cannot be. No engine here. */
  begin: (args: { tx: Transaction; input: z.output<Schema>; context: Context }) => Promise<Begun>;
  /** At the engine, with no transaction open. Bounded by a page's deadline. May be repeated after a failure. */
  act: (args: { input: z.output<Schema>; begun: Begun; context: Context }) => Promise<Output>;
  /** What the audit log keeps; see `CommandDefinition`. Before anything was asked of the engine. */
  audit: (args: { input: z.output<Schema>; begun: Begun; context: Context }) => AuditEntry;
}

/**
 * A write whose place is the engine and not the database: a bucket's settings, its objects. Authorizes and audits in a
 * transaction of its own first, so that nothing is ever done at the engine that the log does not know of; then acts. An
 * engine that refuses, or does not answer, makes a second event: `refused`, with the code.
 *
 * Throws InvalidInput or DomainError: what {@link fromEngine} says of the engine's answer, and whatever `act` throws.
 */
export function engineCommand<Schema extends z.ZodType, Begun, Output>(
  definition: EngineCommandDefinition<Schema, Begun, Output>,
): Command<Schema, Output> {
  const { action, input: schema, begin, act, audit } = definition;
  const authorized = command({
    action,
    input: schema,
    run: async ({ tx, input, context }) => ({ input, begun: await begin({ tx, input, context }) }),
    audit: ({ output, context }) => audit({ ...output, context }),
  });

  async function run(context: Context, rawInput: unknown): Promise<Output> {
    const { input, begun } = await authorized(context, rawInput);
    try {
      return await act({ input, begun, context });
    } catch (error) {
      const refusal = fromEngine(error);
      if (refusal instanceof DomainError) {
        const { resourceType, resourceId } = audit({ input, begun, context });
        await recordRefusal(context, action, refusal, {
          ...(resourceType ? { resourceType } : {}),
          ...(resourceId ? { resourceId } : {}),
        });
      }
      throw refusal;
    }
  }

  return Object.assign(run, { action, input: schema });
}

/**
 * What a person is told of an engine's answer to a change; any other error as it is. `engine-uncertain` where there
 * was none in time: the change may have been made all the same.
 */
export function fromEngine(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error;
  if (error.code === "unavailable") return new DomainError("engine-uncertain");
  if (error.code === "unsupported")
    return new DomainError("not-supported", error.engineCode ? { condition: error.engineCode } : {});
  if (error.code === "not-found") return new DomainError("not-found");
  return new DomainError("engine-refused", { reason: error.code });
}
