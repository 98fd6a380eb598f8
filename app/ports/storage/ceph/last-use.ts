import { z } from "zod";
import { StorageError } from "../errors.ts";
import { readAnswer } from "./answers.ts";
import type { Call } from "./call.ts";
import { capabilities } from "./capabilities.ts";
import { OWNER, uidPrefix } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

const keyUse = z.array(z.object({ user: z.string(), last_used: z.iso.datetime().nullable() }));

/** The embedded store tells; no gateway does. */
export async function keysLastUse(
  config: EngineConfig,
  call: Call,
  { tenant }: { tenant: string },
): Promise<Map<string, Date | null>> {
  const prefix = uidPrefix(tenant);
  const { keyLastUse } = await capabilities(config, call);
  if (!keyLastUse) {
    throw new StorageError("unsupported", { operation: call.operation, engineCode: "KeyLastUse" });
  }
  const text = await sendAdminRequest(config, call, {
    method: "GET",
    path: "/admin/user",
    service: "s3",
    query: { "key-use": "", tenant },
  });
  const latest = new Map<string, Date | null>();
  for (const { user: uid, last_used } of readAnswer(call, keyUse, text)) {
    const user = uid.slice(prefix.length);
    if (user === OWNER) continue;
    const at = last_used === null ? null : new Date(last_used);
    const known = latest.get(user) ?? null;
    // A user has one key, unless somebody changed that at the engine.
    latest.set(user, known && (!at || known > at) ? known : at);
  }
  return latest;
}
