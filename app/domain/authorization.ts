import type { AccountState, MemberRole, ProviderRole } from "#app/generated/prisma/enums.ts";
import { type Access, type Actor, accountIdOf, type Context } from "./context.ts";
import { DomainError } from "./errors.ts";

/** Who may do an action, and in which states of the account. */
interface Permission {
  /** Roles in the account in scope. */
  members?: readonly MemberRole[];
  /** Roles of the provider's staff, in any account or in none. */
  provider?: readonly ProviderRole[];
  /** Anyone with a session. */
  signedIn?: true;
  /** Anyone at all. */
  anyone?: true;
  /** Only the system's own jobs. */
  system?: true;
  /** States of the account in which the action is possible; all of them where it is not given. */
  during?: readonly AccountState[];
}

const everyMember = ["owner", "admin", "billing", "developer", "auditor"] as const;
const storageReaders = ["owner", "admin", "developer"] as const;
/** All but the auditor, who reads the account's audit log and settings and nothing else. */
const usageReaders = ["owner", "admin", "billing", "developer"] as const;
const storageWriters = ["owner", "admin"] as const;
const providerReaders = ["operator", "support"] as const;

/**
 * Role → actions, in one table. The name of an action is also its name in the audit log.
 * `tests/routes/permissions.test.ts` runs every command as every role against it.
 */
export const permissions = {
  "setup:complete": { anyone: true },
  "sign-ups:create": { anyone: true },
  "sign-ups:confirm": { anyone: true },
  "sessions:create": { anyone: true },
  "sessions:end": { signedIn: true },
  "users:change-locale": { signedIn: true },

  "accounts:create": { signedIn: true },
  "accounts:list-own": { signedIn: true },
  "accounts:read": { members: everyMember, provider: ["operator", "support", "auditor"] },
  "accounts:resubmit": { members: ["owner"], during: ["rejected"] },
  "accounts:list": { provider: providerReaders },
  "accounts:approve": { provider: ["operator"] },
  "accounts:reject": { provider: ["operator"] },
  "accounts:retry-provisioning": { provider: ["operator"], during: ["approved"] },
  "accounts:activate": { system: true },
  "accounts:adopt-tenant": { provider: ["operator"], during: ["pending", "approved", "active"] },

  "buckets:list": { members: storageReaders, provider: providerReaders },
  "buckets:read": { members: storageReaders, provider: providerReaders },
  "buckets:create": { members: storageWriters, during: ["active"] },
  "buckets:delete": { members: storageWriters, during: ["active"] },
  "buckets:retry": { members: storageWriters, during: ["active"] },
  "buckets:settle": { system: true },

  "access-keys:list": { members: storageReaders, provider: providerReaders },
  "access-keys:read": { members: storageReaders, provider: providerReaders },
  "access-keys:create": { members: storageWriters, during: ["active"] },
  "access-keys:revoke": { members: storageWriters, during: ["active", "suspended", "closing"] },
  "access-keys:settle": { system: true },

  "quotas:read": { members: usageReaders, provider: providerReaders },
  "quotas:raise": { provider: ["operator"] },

  "findings:list": { members: storageReaders, provider: providerReaders },
  "findings:list-all": { provider: providerReaders },
  "findings:check": { members: storageWriters, provider: ["operator"], during: ["active", "suspended"] },
  "findings:record": { system: true },
  "findings:adopt": { members: storageWriters, provider: ["operator"], during: ["active"] },
  "findings:undo": { members: storageWriters, provider: ["operator"], during: ["active", "suspended"] },
  /** Beside the two above, for what concerns the tenant as a whole: its quota, its owner. */
  "findings:decide-tenant": { provider: ["operator"] },
  "findings:settle": { system: true },
  "reconciliation:run": { provider: ["operator"] },

  "storage-engine:read": { provider: providerReaders },

  "usage:read": { members: usageReaders, provider: providerReaders },
  "usage:collect": { provider: ["operator"], system: true },
} as const satisfies Record<string, Permission>;

export type Action = keyof typeof permissions;
/** Every action that there is. */
export const actions = Object.keys(permissions) as Action[];

/** True where the actor may do the action. Pages use it only to hide a control. */
export function can(context: Pick<Context, "actor" | "access">, action: Action): boolean {
  return holds(context.actor, context.access, permissions[action]);
}

/**
 * Lets the call pass or throws: `unauthenticated` for a stranger, `not-found` where the actor has no
 * part in the account (its existence is none of their business), `forbidden` where they have one and
 * the role does not suffice, `account-not-active` where the account's state stands in the way.
 */
export function authorize(context: Pick<Context, "actor" | "accountId" | "access">, action: Action): void {
  const permission: Permission = permissions[action];
  const { actor, access, accountId } = context;
  if (!holds(actor, access, permission)) {
    if (actor.kind === "anonymous") throw new DomainError("unauthenticated");
    const belongsHere = accountId === null || access.memberRole !== null || access.providerRole !== null;
    throw new DomainError(belongsHere ? "forbidden" : "not-found");
  }
  if (permission.during && !permission.during.some((state) => state === access.accountState)) {
    throw new DomainError("account-not-active", { state: access.accountState ?? "none" });
  }
}

/** `authorize` for actions within an account; answers the account's id, never null. */
export function authorizeInAccount(context: Context, action: Action): string {
  authorize(context, action);
  return accountIdOf(context);
}

function holds(actor: Actor, access: Access, permission: Permission): boolean {
  if (permission.anyone) return true;
  if (actor.kind === "system") return permission.system === true;
  if (actor.kind === "anonymous") return false;
  return (
    permission.signedIn === true ||
    permission.members?.some((role) => role === access.memberRole) === true ||
    permission.provider?.some((role) => role === access.providerRole) === true
  );
}
