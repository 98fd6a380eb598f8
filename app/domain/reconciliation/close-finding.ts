import { z } from "zod";
import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { type Sides, storedSides } from "./findings.ts";
import { takeIntoConsole } from "./take-into-console.ts";

/**
 * The end of a finding, once the engine has answered: `adopted` writes into the console what the engine says, in
 * the same transaction; `undone` and `disappeared` find console and engine in agreement. Does nothing where another
 * run of the job was faster.
 */
export const closeFinding = command({
  action: "findings:settle",
  input: z.object({ id: z.uuid(), outcome: z.enum(["adopted", "undone", "disappeared"]) }),

  async run({ tx, input: { id, outcome }, context }) {
    const accountId = accountIdOf(context);
    const row = await lockDecided(tx, accountId, id);
    if (!row) return null;
    if (outcome === "adopted") await takeIntoConsole(tx, accountId, row);
    await tx.finding.update({
      where: { id },
      data: { state: "closed", outcome, closedAt: new Date(), lastError: null },
    });
    return { kind: row.kind, resource: row.resource };
  },

  audit: ({ input, output }) => ({
    resourceType: "finding",
    resourceId: input.id,
    ...(output ? { details: { ...output, outcome: input.outcome } } : {}),
  }),
});

/**
 * Gives a finding back to people: what they decided could not be done, for good or as things stand. `sides` is what
 * console and engine say by now, where that is why.
 */
export const reopenFinding = command({
  action: "findings:settle",
  input: z.object({
    id: z.uuid(),
    /** A code, with words in `reconciliation.json`. */
    problem: z.string().max(60),
    sides: storedSides.optional(),
  }),

  async run({ tx, input: { id, problem, sides }, context }) {
    const row = await lockDecided(tx, accountIdOf(context), id);
    if (!row) return { reopened: false };
    await tx.finding.update({
      where: { id },
      data: { state: "open", lastError: problem, ...(sides ? { sides: jsonOf(sides) } : {}) },
    });
    return { reopened: true };
  },

  audit: ({ input, output }) => ({
    resourceType: "finding",
    resourceId: input.id,
    ...(output.reopened ? { details: { after: { state: "open" }, problem: input.problem } } : {}),
  }),
});

/** The finding, locked, while its decision is being carried out; null by then or before. */
async function lockDecided(tx: Transaction, accountId: string, id: string) {
  await tx.$executeRaw`SELECT 1 FROM finding WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.finding.findFirst({
    where: { id, accountId, state: { in: ["adopting", "undoing"] } },
    select: { kind: true, resource: true, sides: true, decision: true },
  });
}

function jsonOf({ consoleSays, engineSays }: Sides) {
  return { consoleSays, engineSays };
}
