import { z } from "zod";
import { Prisma } from "#app/generated/prisma/client.ts";
import { db, type Transaction } from "#app/ports/db.server.ts";
import { type AuditEntry, recordAuditEvent } from "./audit/record-event.ts";
import { type Action, authorize } from "./authorization.ts";
import type { Access, Context } from "./context.ts";
import { DomainError, type DomainErrorCode, InvalidInput, TooManyAttempts } from "./errors.ts";
import { readAccess } from "./identity/read-access.ts";
import { countAttempt, type Limit } from "./identity/throttling/throttle.ts";
import { toInputIssues } from "./input-issues.ts";

interface RunArgs<Input, Prepared> {
  tx: Transaction;
  input: Input;
  /** What `prepare` answered. */
  prepared: Prepared;
  /** The caller's context; its access was read again inside the transaction. */
  context: Context;
}

interface CommandDefinition<Schema extends z.ZodType, Output, Prepared> {
  action: Action;
  input: Schema;
  /**
   * Limits that each attempt counts against, whatever becomes of it: limit and key, first the narrowest. Past one of
   * them the command is refused with `too-many-attempts` before anything else is done.
   */
  throttle?: (args: { input: z.output<Schema>; context: Context }) => [Limit, string][];
  /** Slow work that needs no transaction, such as hashing a password. May read, and count attempts; must not write. */
  prepare?: (input: z.output<Schema>, context: Context) => Promise<Prepared>;
  /** What the audit log keeps of a success. Ids and redacted values; people's data under `personal`. */
  audit: (args: { input: z.output<Schema>; output: Output; context: Context }) => AuditEntry;
  /** What the log of a refusal keeps of the input, such as the address that failed to sign in. */
  auditRefusal?: (input: z.output<Schema>) => Pick<AuditEntry, "resourceType" | "resourceId" | "personal">;
  /** Unique index → the refusal it means. */
  conflicts?: Conflicts;
  run: (args: RunArgs<z.output<Schema>, Prepared>) => Promise<Output>;
}

type Conflicts = Record<string, { code: DomainErrorCode; field?: string }>;

export interface Command<Schema extends z.ZodType = z.ZodType, Output = unknown> {
  (context: Context, rawInput: unknown): Promise<Output>;
  action: Action;
  input: Schema;
}

/**
 * The only way to write. Parses the input, authorizes the actor against rows read in the same
 * transaction, runs, writes the audit event, and commits all of it or nothing. HTML, JSON and jobs
 * call the same command.
 *
 * Throws InvalidInput or DomainError. A refusal is audited in a transaction of its own, because the
 * command's own was rolled back.
 */
export function command<Schema extends z.ZodType, Output, Prepared = undefined>(
  definition: CommandDefinition<Schema, Output, Prepared>,
): Command<Schema, Output> {
  const { action, input: schema } = definition;

  async function execute(context: Context, input: z.output<Schema>): Promise<Output> {
    for (const [limit, key] of definition.throttle?.({ input, context }) ?? [])
      await countAttempt(limit, key);
    const prepared = (await definition.prepare?.(input, context)) as Prepared;
    return db.$transaction(async (tx) => {
      const current = { ...context, access: await currentAccess(tx, context) };
      authorize(current, action);
      const output = await definition.run({ tx, input, prepared, context: current });
      const entry = definition.audit({ input, output, context: current });
      await recordAuditEvent(tx, current, action, "succeeded", entry);
      return output;
    });
  }

  async function run(context: Context, rawInput: unknown): Promise<Output> {
    // Who may not act here is told nothing about what the input should have been.
    await auditingRefusal(context, action, {}, async () => authorize(context, action));
    // Zod leaves the input out of its issues otherwise, and what is wrong would pass for what is missing.
    const parsed = schema.safeParse(rawInput, { reportInput: true });
    if (!parsed.success) throw new InvalidInput(toInputIssues(parsed.error.issues));
    const entry = definition.auditRefusal?.(parsed.data) ?? {};
    return auditingRefusal(context, action, entry, async () => {
      try {
        return await execute(context, parsed.data);
      } catch (error) {
        throw asConflict(error, definition.conflicts) ?? error;
      }
    });
  }

  return Object.assign(run, { action, input: schema });
}

async function auditingRefusal<Output>(
  context: Context,
  action: Action,
  entry: Partial<AuditEntry>,
  attempt: () => Promise<Output>,
): Promise<Output> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DomainError && isForTheLog(error)) {
      await recordRefusal(context, action, error, entry);
    }
    throw error;
  }
}

function isForTheLog(error: DomainError): boolean {
  if (error instanceof TooManyAttempts) return error.isFirst;
  return !(error instanceof InvalidInput);
}

/**
 * Writes down that an action was refused. An attempt on an account that the actor has no part in
 * stands in the system's log under the actor's id, not in that account's.
 */
export async function recordRefusal(
  context: Context,
  action: Action,
  error: DomainError,
  entry: Partial<AuditEntry> = {},
): Promise<void> {
  const foreign =
    error.code === "not-found" && context.access.memberRole === null && context.access.providerRole === null;
  const where = foreign ? { ...context, accountId: null } : context;
  await db.$transaction((tx) =>
    recordAuditEvent(tx, where, action, "refused", {
      ...entry,
      code: error.code,
      details: {
        ...error.params,
        ...(foreign && context.accountId ? { attemptedAccountId: context.accountId } : {}),
      },
    }),
  );
}

/** The middleware's reading may be a moment old: a role taken away meanwhile must not count. */
async function currentAccess(tx: Transaction, context: Context): Promise<Access> {
  return context.actor.kind === "user"
    ? readAccess(context.actor.userId, context.accountId, tx)
    : { ...context.access, accountState: await accountState(tx, context.accountId) };
}

async function accountState(tx: Transaction, accountId: string | null) {
  if (accountId === null) return null;
  const account = await tx.account.findUnique({ where: { id: accountId }, select: { state: true } });
  return account?.state ?? null;
}

/** Maps a violated unique index to the refusal that the command names for it. */
function asConflict(error: unknown, conflicts: Conflicts | undefined) {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== "P2002") return undefined;
  const index = violatedIndex(error);
  const known = index ? conflicts?.[index] : undefined;
  if (!known) return new DomainError("conflict");
  return new DomainError(known.code, known.field ? { field: known.field } : {});
}

/** The name of the index, which the pg adapter keeps in the driver's own error. */
function violatedIndex(error: Prisma.PrismaClientKnownRequestError): string | undefined {
  const meta = driverMeta.safeParse(error.meta);
  if (!meta.success) return undefined;
  return /constraint "([^"]+)"/.exec(meta.data.driverAdapterError.cause.originalMessage)?.[1];
}

const driverMeta = z.object({
  driverAdapterError: z.object({ cause: z.object({ originalMessage: z.string() }) }),
});
