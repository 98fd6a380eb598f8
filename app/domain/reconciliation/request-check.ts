import { z } from "zod";
import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { deadAfterMs } from "./runs.ts";

/** Clicked again and again, it asks the engine once in this time. */
const once = (what: string) => ({ singletonKey: what, singletonSeconds: 10 });

/** Has one account compared with the engine now, instead of within the hour. */
export const requestCheck = command({
  action: "findings:check",
  input: z.object({}),

  async run({ tx, context }) {
    const accountId = accountIdOf(context);
    await enqueue(tx, "reconcile", { accountId }, once(accountId));
    return { id: accountId };
  },

  audit: ({ output }) => ({ resourceType: "account", resourceId: output.id }),
});

/** Has every account compared now. Where that is under way already, it stays at that. */
export const requestRun = command({
  action: "reconciliation:run",
  input: z.object({}),

  async run({ tx }) {
    const alive = { finishedAt: null, progressedAt: { gt: new Date(Date.now() - deadAfterMs) } };
    const underWay = (await tx.reconciliationRun.count({ where: alive })) > 0;
    if (!underWay) await enqueue(tx, "reconcile", {}, once("all"));
    return { underWay };
  },

  audit: () => ({ resourceType: "reconciliation" }),
});
