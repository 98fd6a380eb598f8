import { enqueue } from "#app/ports/jobs.server.ts";
import { command } from "../command.ts";
import { accountIdOf } from "../context.ts";
import { DomainError } from "../errors.ts";
import { listOwners } from "../members/read-members.ts";
import { notify } from "../notifications/notify.ts";
import { grantDefaultQuotas } from "../quotas/grant-default-quotas.ts";
import { newManagementKey } from "./engine-tenant.ts";
import { approveAccountInput } from "./schema.ts";

/**
 * Approves a pending account and queues its provisioning. The management key is made here, so that
 * every try of the job offers the engine the same one.
 */
export const approveAccount = command({
  action: "accounts:approve",
  input: approveAccountInput,

  async run({ tx, context }) {
    const id = accountIdOf(context);
    const { count } = await tx.account.updateMany({
      where: { id, state: "pending" },
      data: {
        state: "approved",
        approvedAt: new Date(),
        ...newManagementKey(id),
      },
    });
    if (count !== 1) throw new DomainError("already-decided");
    await grantDefaultQuotas(tx, id);
    await enqueue(tx, "provision-account", { accountId: id });
    await notify(tx, { kind: "account-approved", userIds: await listOwners(tx, id), accountId: id });
    return { id };
  },

  audit: ({ output }) => ({
    resourceType: "account",
    resourceId: output.id,
    details: { before: { state: "pending" }, after: { state: "approved" } },
  }),
});
