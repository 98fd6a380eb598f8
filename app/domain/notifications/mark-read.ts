import { command } from "../command.ts";
import { userIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { markAllReadInput, markReadInput } from "./schema.ts";

/** Marks one of the caller's notifications as read; repeated, it leaves the first time. Throws `not-found` for another's. */
export const markRead = command({
  action: "notifications:mark-read",
  input: markReadInput,

  async run({ tx, input: { id }, context }) {
    const where = { id, userId: userIdOf(context) };
    await tx.notification.updateMany({ where: { ...where, readAt: null }, data: { readAt: new Date() } });
    const row = await tx.notification.findFirst({ where, select: { id: true, readAt: true } });
    if (!row) throw new DomainError("not-found");
    return row;
  },

  audit: ({ output }) => ({ resourceType: "notification", resourceId: output.id }),
});

/** Marks all of the caller's notifications as read, up to a time where one is given. */
export const markAllRead = command({
  action: "notifications:mark-read",
  input: markAllReadInput,

  async run({ tx, input: { until }, context }) {
    const { count } = await tx.notification.updateMany({
      where: { userId: userIdOf(context), readAt: null, ...(until ? { createdAt: { lte: until } } : {}) },
      data: { readAt: new Date() },
    });
    return { count };
  },

  audit: ({ output }) => ({ resourceType: "notification", details: { count: output.count } }),
});
