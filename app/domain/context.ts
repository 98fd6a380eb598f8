import type { AccountState, MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { defaultLocale } from "#app/locales/index.ts";
import { DomainError } from "./errors.ts";

/** Who acts. `system` is a job; its name stands in the audit log. */
export type Actor =
  | { kind: "anonymous" }
  | { kind: "user"; userId: string }
  | { kind: "system"; name: string };

/** What the actor may do here, as the database says it. */
export interface Access {
  providerRole: ProviderRole | null;
  /** The actor's role in the scope's account; null outside an account or without membership. */
  memberRole: MemberRole | null;
  /** Null outside an account. */
  accountState: AccountState | null;
  /** The role asks for a second factor and the actor has none: it counts for nothing until they have. */
  secondFactorMissing: boolean;
}

/** Where a request came from. Personal: it goes to the erasable side of the audit log only. */
export interface Origin {
  requestId: string;
  address: string | null;
  userAgent: string | null;
}

/**
 * Everything a use case needs to know of its caller. `accountId` is the tenant: it comes from the
 * address through the tenant middleware, never from a form, and stands in every query.
 */
export interface Context {
  actor: Actor;
  /** The actor's session; null for strangers and jobs. */
  session: { id: string; authenticatedAt: Date } | null;
  accountId: string | null;
  access: Access;
  origin: Origin;
  /** Language of the answer, and of mail that this request causes. */
  locale: string;
}

/** Of a stranger, of the system, and of a user in an account that is none of theirs. */
export const noAccess: Access = {
  providerRole: null,
  memberRole: null,
  accountState: null,
  secondFactorMissing: false,
};

/** The account that the caller acts in. Throws `not-found` outside of any. */
export function accountIdOf({ accountId }: Pick<Context, "accountId">): string {
  if (accountId === null) throw new DomainError("not-found");
  return accountId;
}

/** The user who acts. Throws `unauthenticated` for a stranger and for a job. */
export function userIdOf({ actor }: Pick<Context, "actor">): string {
  if (actor.kind !== "user") throw new DomainError("unauthenticated");
  return actor.userId;
}

/** The context of a job: the system itself, in an account's scope or in none. */
export function systemContext(name: string, accountId: string | null, jobId: string): Context {
  return {
    actor: { kind: "system", name },
    session: null,
    accountId,
    access: noAccess,
    origin: { requestId: jobId, address: null, userAgent: null },
    locale: defaultLocale,
  };
}
