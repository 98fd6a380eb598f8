import type { AccessKeyState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { type CallOptions, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import type { Action } from "../authorization.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { applyToEngine } from "./apply-to-engine.ts";
import { switchAccessKeyInput } from "./schema.ts";
import { settleAccessKey } from "./settle-access-key.ts";

/** Time for the request itself to be done, before the job looks whether it was. */
const graceSeconds = 10;

/** `deactivating`: it may still work; `reactivating`: it may not work yet. */
export interface Switched {
  id: string;
  state: AccessKeyState;
}

/**
 * Stops an access key, reversibly, within the request where the engine answers; otherwise the key is `deactivating` and
 * a job goes on until the engine has confirmed. Repeated, it answers how far it is. A key that is `reactivating` turns
 * round.
 *
 * Throws `conflict` for a key that is being made, or is revoked, or about to be.
 */
export const deactivateAccessKey = switchCommand("access-keys:deactivate", {
  from: ["active", "reactivating"],
  by: "deactivating",
  done: ["inactive", "deactivating"],
});

/**
 * Wakes a key that was deactivated, in the same way: `reactivating` until the engine has confirmed. An engine that has
 * no such key any more leaves it `inactive`, with `not-found` as its last error.
 */
export const reactivateAccessKey = switchCommand("access-keys:reactivate", {
  from: ["inactive", "deactivating"],
  by: "reactivating",
  done: ["active", "reactivating"],
});

interface Direction {
  from: AccessKeyState[];
  /** The state on the way. */
  by: "deactivating" | "reactivating";
  /** States in which it was asked for already. */
  done: AccessKeyState[];
}

type SwitchCommand = Command<typeof switchAccessKeyInput, Switched>;

function switchCommand(action: Action, direction: Direction): SwitchCommand {
  const begin = beginSwitch(action, direction);
  async function run(context: Context, rawInput: unknown): Promise<Switched> {
    const { id, state, accountId } = await begin(context, rawInput);
    if (state !== direction.by) return { id, state };
    const system = systemContext("switch-access-key", accountId, context.origin.requestId);
    await switchAtEngine(system, { id, accountId }, { deadlineMs: PAGE_DEADLINE_MS });
    const now = await db.accessKey.findUniqueOrThrow({ where: { id }, select: { state: true } });
    return { id, state: now.state };
  }
  return Object.assign(run, { action, input: switchAccessKeyInput });
}

function beginSwitch(action: Action, { from, by, done }: Direction) {
  return command({
    action,
    input: switchAccessKeyInput,

    async run({ tx, input: { id }, context }) {
      const accountId = accountIdOf(context);
      const key = await tx.accessKey.findFirst({
        where: { id, accountId, state: { not: "failed" } },
        select: { state: true },
      });
      if (!key) throw new DomainError("not-found");
      if (done.includes(key.state)) return { id, accountId, state: key.state, before: null };
      const { count } = await tx.accessKey.updateMany({
        where: { id, accountId, state: { in: from } },
        data: { state: by, lastError: null },
      });
      if (count !== 1) throw new DomainError("conflict");
      // Queued whatever the request comes to: it may die before the engine has answered.
      await enqueue(tx, "switch-access-key", { id }, { startAfter: graceSeconds });
      return { id, accountId, state: by, before: key.state };
    },

    audit: ({ output }) => ({
      resourceType: "access-key",
      resourceId: output.id,
      ...(output.before
        ? { details: { before: { state: output.before }, after: { state: output.state } } }
        : {}),
    }),
  });
}

/**
 * The job's part: throws what the engine said, for the job to be tried again. Tells the engine again even where the
 * request is long done: what another request had sent, and given up waiting for, may have arrived after it.
 */
export async function finishSwitch(id: string, jobId: string): Promise<void> {
  const key = await db.accessKey.findUnique({ where: { id }, select: { accountId: true } });
  if (!key) return;
  const { accountId } = key;
  const failure = await switchAtEngine(systemContext("switch-access-key", accountId, jobId), {
    id,
    accountId,
  });
  if (failure) throw failure;
}

/** What the engine said where it did not do it, which is noted on the key; null once it is done. */
async function switchAtEngine(
  context: Context,
  { id, accountId }: { id: string; accountId: string },
  options: CallOptions = {},
): Promise<StorageError | null> {
  const onTheWay = { id, accountId, state: { in: ["deactivating", "reactivating"] as AccessKeyState[] } };
  try {
    const state = await applyToEngine(accountId, id, options);
    if (state === "deactivating") await settleAccessKey(context, { id, from: state, to: "inactive" });
    if (state === "reactivating") await settleAccessKey(context, { id, from: state, to: "active" });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.code !== "not-found") {
      await db.accessKey.updateMany({ where: onTheWay, data: { lastError: error.code } });
      return error;
    }
    // Somebody removed it there: it works no more, and will not. The reconciliation says so as well.
    for (const from of ["deactivating", "reactivating"]) {
      await settleAccessKey(context, { id, from, to: "inactive", problem: error.code });
    }
  }
  return null;
}
