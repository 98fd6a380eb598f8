import type { FindingState } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import { enqueue } from "#app/ports/jobs.server.ts";
import { requireRoomForKey } from "../access-keys/require-room.ts";
import { authorize } from "../authorization.ts";
import { requireRoomForBuckets } from "../buckets/require-room.ts";
import { command } from "../command.ts";
import { accountIdOf, type Context, userIdOf } from "../context.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import { raiseLimit } from "../quotas/set-limit.ts";
import { type Choices, choicesFor } from "./choices.ts";
import { type Difference, storedSides } from "./findings.ts";
import { adoptFindingInput, undoFindingInput } from "./schema.ts";

/**
 * Has the console take over what the engine says. The finding is `adopting` until a job has seen that the engine
 * still says so, and has done it.
 *
 * Throws `already-decided`, `decision-impossible` where this kind of finding cannot be adopted, and
 * `quota-exceeded`, which an operator gets past by raising the limit with it.
 */
export const adoptFinding = command({
  action: "findings:adopt",
  input: adoptFindingInput,

  async run({ tx, input, context }) {
    const finding = await lockOpenFinding(tx, context, input.findingId);
    const choices = requireChoice(context, finding, "adopt");
    if (choices.asksPermission && !input.permission) {
      throw new InvalidInput([{ path: ["permission"], message: "chooseOne", params: {} }]);
    }
    if (input.raiseLimit) await makeRoom(tx, context, finding);
    await requireRoom(tx, context, finding);
    const decision = {
      ...(choices.asksName ? { name: input.name ?? finding.resource } : {}),
      ...(choices.asksPermission && input.permission ? { permission: input.permission } : {}),
    };
    await decide(tx, context, finding.id, "adopting", decision);
    return { id: finding.id, state: "adopting" as const, difference: finding };
  },

  audit: ({ input, output }) => entryOf(output, { raiseLimit: input.raiseLimit }),
});

/**
 * Has the engine set back to what the console says. The finding is `undoing` until the engine has done it.
 *
 * Throws `already-decided`, and `decision-impossible` where this kind of finding cannot be undone.
 */
export const undoFinding = command({
  action: "findings:undo",
  input: undoFindingInput,

  async run({ tx, input, context }) {
    const finding = await lockOpenFinding(tx, context, input.findingId);
    requireChoice(context, finding, "undo");
    await decide(tx, context, finding.id, "undoing", {});
    return { id: finding.id, state: "undoing" as const, difference: finding };
  },

  audit: ({ output }) => entryOf(output, {}),
});

type Finding = Difference & { id: string };

async function lockOpenFinding(tx: Transaction, context: Context, id: string): Promise<Finding> {
  const [row] = await tx.$queryRaw<(Difference & { state: FindingState; sides: unknown })[]>`
    SELECT kind::text AS kind, resource, state::text AS state, sides FROM finding
    WHERE id = ${id}::uuid AND account_id = ${accountIdOf(context)}::uuid
    FOR UPDATE`;
  if (!row) throw new DomainError("not-found");
  if (row.state !== "open") throw new DomainError("already-decided");
  return { id, kind: row.kind, resource: row.resource, ...storedSides.parse(row.sides) };
}

function requireChoice(context: Context, finding: Finding, choice: "adopt" | "undo"): Choices {
  const choices = choicesFor(finding);
  if (choices.decidedBy === "provider") authorize(context, "findings:decide-tenant");
  if (choices[choice] !== null) throw new DomainError("decision-impossible", { obstacle: choices[choice] });
  return choices;
}

/** Refused here, where the person can do something about it; the job counts again when the row is made. */
async function requireRoom(tx: Transaction, context: Context, { kind }: Finding): Promise<void> {
  if (kind === "bucket_only_at_engine") await requireRoomForBuckets(tx, accountIdOf(context), 1);
  if (kind === "key_only_at_engine") await requireRoomForKey(tx, accountIdOf(context));
}

/** Raises the limit of buckets or keys so far that one more fits. */
async function makeRoom(tx: Transaction, context: Context, { kind }: Finding): Promise<void> {
  authorize(context, "quotas:raise");
  const accountId = accountIdOf(context);
  if (kind === "bucket_only_at_engine") {
    const owned = await tx.bucket.count({ where: { accountId, deletedAt: null } });
    await raiseLimit(tx, accountId, "buckets", BigInt(owned + 1));
  }
  if (kind === "key_only_at_engine") {
    const owned = await tx.accessKey.count({ where: { accountId, state: { notIn: ["revoked", "failed"] } } });
    await raiseLimit(tx, accountId, "access_keys", BigInt(owned + 1));
  }
}

async function decide(
  tx: Transaction,
  context: Context,
  id: string,
  state: "adopting" | "undoing",
  decision: Record<string, string>,
): Promise<void> {
  await tx.finding.update({
    where: { id },
    data: { state, decision, decidedById: userIdOf(context), decidedAt: new Date(), lastError: null },
  });
  await enqueue(tx, "settle-finding", { findingId: id });
}

function entryOf(
  { id, state, difference }: { id: string; state: string; difference: Difference },
  more: { raiseLimit?: boolean },
) {
  const { kind, resource } = difference;
  return {
    resourceType: "finding",
    resourceId: id,
    details: { kind, resource, before: { state: "open" }, after: { state }, ...more },
  };
}
