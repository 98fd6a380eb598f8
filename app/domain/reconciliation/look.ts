import type { TenantState } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { objectKeyGrant } from "../accounts/object-key.ts";
import { type Comparison, compare } from "./compare.ts";
import { type ConsoleState, findRevokedKeys, readConsoleState } from "./console-state.ts";

export interface Look extends Comparison {
  /** When the first question was asked: nothing is claimed to be newer than it is. */
  at: Date;
  /** The console as it was after the engine had answered. */
  console: ConsoleState;
}

/**
 * Compares an account's rows with the engine, once; null where the account is not at the engine, or no longer.
 *
 * @param users the tenant's users from a list of all tenants, to spare the engine a scan; a list that has aged
 * since makes differences that are none, so look again without it before believing one.
 */
export async function look(accountId: string, users?: readonly string[]): Promise<Look | null> {
  const at = new Date();
  const before = await readConsoleState(accountId);
  if (!before) return null;
  const engine = await findTenantState(before.account.tenant, users);
  const { keyExpiry: keepsExpiry } = await storage.capabilities();
  const after = await readConsoleState(accountId);
  if (!after) return null;
  const foreign = (engine?.accessKeys ?? []).map(({ user }) => user).filter((user) => !after.keys.has(user));
  const revoked = foreign.length > 0 ? await findRevokedKeys(accountId, foreign) : new Map();
  return { at, console: after, ...compare({ before, after, engine, revoked, keepsExpiry }) };
}

async function findTenantState(tenant: string, users?: readonly string[]): Promise<TenantState | null> {
  try {
    const state = await storage.tenantState({ tenant, ...(users ? { users } : {}) });
    // The console's own, which is not among the account's keys.
    return { ...state, accessKeys: state.accessKeys.filter(({ user }) => user !== objectKeyGrant.user) };
  } catch (error) {
    if (error instanceof StorageError && error.code === "not-found") return null;
    throw error;
  }
}
