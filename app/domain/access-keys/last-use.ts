import { db } from "#app/ports/db.server.ts";
import { PAGE_DEADLINE_MS } from "#app/ports/storage/driver.ts";
import { StorageError } from "#app/ports/storage/errors.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { readEngineTenant } from "../accounts/engine-tenant.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { engineUser } from "./engine-key.ts";

/**
 * When a key was last used, as a page shows it: a time, `never`, or why none is shown. `untold`: this engine does not
 * keep it. `unknown`: it did not answer, or has no such key.
 */
export type LastUse = Date | "never" | "untold" | "unknown";

/**
 * When each of these keys of the account last signed a request that the engine accepted, by the key's id: with one call
 * to the engine, and never an error of its. At most as old as `capabilities().keyLastUse` says.
 */
export async function readLastUse(context: Context, ids: readonly string[]): Promise<Map<string, LastUse>> {
  const accountId = authorizeInAccount(context, "access-keys:read");
  const [used, keys] = await Promise.all([
    findUse(accountId),
    db.accessKey.findMany({
      where: { accountId, id: { in: [...ids] } },
      select: { id: true, engineUser: true },
    }),
  ]);
  return new Map(
    keys.map((key): [string, LastUse] => {
      if (typeof used === "string") return [key.id, used];
      const at = used.get(engineUser(key.id, key.engineUser));
      return [key.id, at === undefined ? "unknown" : (at ?? "never")];
    }),
  );
}

/** By the key's user at the engine; or why there is nothing. */
async function findUse(accountId: string): Promise<Map<string, Date | null> | "untold" | "unknown"> {
  const options = { deadlineMs: PAGE_DEADLINE_MS };
  try {
    if ((await storage.capabilities(options)).keyLastUse === null) return "untold";
    return await storage.keysLastUse({ tenant: await readEngineTenant(accountId) }, options);
  } catch (error) {
    if (error instanceof StorageError) return "unknown";
    throw error;
  }
}
