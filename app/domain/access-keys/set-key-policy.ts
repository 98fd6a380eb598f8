import type { Transaction } from "#app/ports/db.server.ts";
import { command } from "../command.ts";
import { accountIdOf, userIdOf } from "../context.ts";
import { oneAtATime } from "../one-at-a-time.ts";
import { keyPolicyInput } from "./schema.ts";

/** How old the account's keys may get, from now on. Keys that are there already work on: people replace them. */
export const setKeyPolicy = command({
  action: "access-keys:set-policy",
  input: keyPolicyInput,

  run: async ({ tx, input, context }) =>
    replacePolicy(tx, accountIdOf(context), input.maxAgeDays ?? null, userIdOf(context)),

  audit: ({ output }) => ({ resourceType: "account", resourceId: output.accountId, details: output.change }),
});

/** The same for all accounts: the stricter of the two counts. */
export const setKeyPolicyForAll = command({
  action: "access-keys:set-policy-for-all",
  input: keyPolicyInput,

  run: async ({ tx, input, context }) => replacePolicy(tx, null, input.maxAgeDays ?? null, userIdOf(context)),

  audit: ({ output }) => ({ resourceType: "access-key-policy", details: output.change }),
});

async function replacePolicy(
  tx: Transaction,
  accountId: string | null,
  maxAgeDays: number | null,
  updatedById: string,
) {
  await oneAtATime(tx, `access-key-policy:${accountId ?? "all"}`);
  const before = await tx.accessKeyPolicy.findFirst({
    where: { accountId },
    select: { id: true, maxAgeDays: true },
  });
  const change = { before: { maxAgeDays: before?.maxAgeDays ?? null }, after: { maxAgeDays } };
  if (maxAgeDays === null) await tx.accessKeyPolicy.deleteMany({ where: { accountId } });
  else if (before)
    await tx.accessKeyPolicy.update({ where: { id: before.id }, data: { maxAgeDays, updatedById } });
  else await tx.accessKeyPolicy.create({ data: { accountId, maxAgeDays, updatedById } });
  return { accountId: accountId ?? "", maxAgeDays, change };
}
