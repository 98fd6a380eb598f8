import { type Context, noAccess } from "#app/domain/context.ts";
import { readAccess } from "#app/domain/identity/read-access.ts";

/** A caller without a session, outside of any account; each with a request of its own. */
export function stranger(): Context {
  return {
    actor: { kind: "anonymous" },
    session: null,
    accountId: null,
    access: noAccess,
    origin: { requestId: crypto.randomUUID(), address: "192.0.2.1", userAgent: "test" },
    locale: "en",
  };
}

/**
 * A user in an account, or with null outside of any, as the middleware makes it: with what the database says, and just
 * signed in. The session has no row.
 */
export async function contextOf(userId: string, accountId: string | null): Promise<Context> {
  const access = await readAccess(userId, accountId);
  const session = { id: crypto.randomUUID(), authenticatedAt: new Date() };
  return { ...stranger(), actor: { kind: "user", userId }, session, accountId, access };
}
