import { db } from "#app/ports/db.server.ts";
import { type CallOptions, PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { type Command, command } from "../command.ts";
import { accountIdOf, type Context, systemContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { beginRevocationOf } from "./begin-revocation.ts";
import { engineUser } from "./engine-key.ts";
import { revokeAccessKeyInput } from "./schema.ts";
import { settleAccessKey } from "./settle-access-key.ts";

/** `revoking`: the key works until the engine has confirmed. */
export interface Revocation {
  id: string;
  state: "revoking" | "revoked";
}

/**
 * Revokes an access key for good, within the request where the engine answers; otherwise the key is
 * `revoking` and a job goes on until the engine has confirmed. Repeated, it answers how far it is.
 *
 * Throws `conflict` while the key is still being made.
 */
export const revokeAccessKey: Command<typeof revokeAccessKeyInput, Revocation> = Object.assign(
  async (context: Context, rawInput: unknown): Promise<Revocation> => {
    const { id, state, accountId } = await beginRevocation(context, rawInput);
    if (state === "revoked") return { id, state };
    const system = systemContext("revoke-access-key", accountId, context.origin.requestId);
    const confirmed = await revokeAtEngine(system, { id, accountId }, { deadlineMs: PAGE_DEADLINE_MS });
    return { id, state: confirmed === true ? "revoked" : "revoking" };
  },
  { action: "access-keys:revoke" as const, input: revokeAccessKeyInput },
);

const beginRevocation = command({
  action: "access-keys:revoke",
  input: revokeAccessKeyInput,

  async run({ tx, input: { id }, context }) {
    const accountId = accountIdOf(context);
    const key = await tx.accessKey.findFirst({
      where: { id, accountId, state: { not: "failed" } },
      select: { state: true },
    });
    if (!key) throw new DomainError("not-found");
    if (key.state === "provisioning") throw new DomainError("conflict");
    if (key.state === "revoked" || key.state === "revoking") {
      return { id, accountId, state: key.state, before: null };
    }
    await beginRevocationOf(tx, accountId, id);
    return { id, accountId, state: "revoking" as const, before: key.state };
  },

  audit: ({ output }) => ({
    resourceType: "access-key",
    resourceId: output.id,
    ...(output.before
      ? { details: { before: { state: output.before }, after: { state: output.state } } }
      : {}),
  }),
});

/** The job's part. Throws what the engine said, for the job to be tried again. */
export async function finishRevocation(id: string, jobId: string, options: CallOptions = {}): Promise<void> {
  const key = await db.accessKey.findUnique({ where: { id }, select: { state: true, accountId: true } });
  if (key?.state !== "revoking") return;
  const { accountId } = key;
  const system = systemContext("revoke-access-key", accountId, jobId);
  const answer = await revokeAtEngine(system, { id, accountId }, options);
  if (answer !== true) throw answer;
}

/** True once the engine has confirmed; else what it said, which is noted on the key. */
async function revokeAtEngine(
  context: Context,
  { id, accountId }: { id: string; accountId: string },
  options: CallOptions = {},
): Promise<true | StorageError> {
  const key = await db.accessKey.findUniqueOrThrow({ where: { id }, select: { engineUser: true } });
  const tenant = await readEngineTenant(accountId);
  try {
    await storage.revokeAccessKey({ tenant, user: engineUser(id, key.engineUser) }, options);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    await db.accessKey.updateMany({
      where: { id, accountId, state: "revoking" },
      data: { lastError: error.code },
    });
    return error;
  }
  await settleAccessKey(context, { id, from: "revoking", to: "revoked" });
  return true;
}
