import { db } from "#app/ports/db.server.ts";
import { authorize } from "../../authorization.ts";
import { type Context, userIdOf } from "../../context.ts";
import { DomainError } from "../../errors.ts";
import { isUsable, listProviders, providerName } from "./providers.ts";

/** One person has few: no more are shown, and none is likely to have more. */
const mostShown = 50;

/** The caller's identities at other providers, oldest first, and the providers that are set up. */
export async function listOwnIdentities(context: Context) {
  authorize(context, "users:read-own");
  const identities = await db.identity.findMany({
    where: { userId: userIdOf(context) },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    take: mostShown,
  });
  return {
    identities: identities.map(({ id, provider, issuer, label, createdAt, lastUsedAt }) => ({
      id,
      providerName: providerName(provider),
      label,
      createdAt,
      lastUsedAt,
      /** False where its provider was taken out of the settings. */
      isUsable: isUsable({ provider, issuer }),
    })),
    providers: listProviders(),
  };
}

/** One of the caller's identities. Throws `not-found`. */
export async function getOwnIdentity(context: Context, id: string) {
  authorize(context, "identities:unlink");
  const identity = await db.identity.findFirst({ where: { id, userId: userIdOf(context) } });
  if (!identity) throw new DomainError("not-found");
  return { providerName: providerName(identity.provider), label: identity.label };
}
