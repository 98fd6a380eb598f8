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
  /** Only for who has just proved again who they are (ASVS 7.5.1). */
  recent?: true;
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
  "operators:recover": { system: true },
  /** By the link that the server's shell printed. */
  "operators:complete-recovery": { anyone: true },
  "sign-ups:create": { anyone: true },
  "sign-ups:confirm": { anyone: true },

  "sessions:create": { anyone: true },
  /** The second step of signing in: the session is there and opens nothing yet. */
  "sessions:verify-second-factor": { anyone: true },
  "sessions:reauthenticate": { signedIn: true },
  "sessions:list-own": { signedIn: true },
  "sessions:end": { signedIn: true },
  /** Any of one's own, all of them too: only after a fresh proof (ASVS 7.5.2). */
  "sessions:end-any": { signedIn: true, recent: true },

  "users:read-own": { signedIn: true },
  "users:change-locale": { signedIn: true },
  "users:update-profile": { signedIn: true },
  "users:export-own": { signedIn: true, recent: true },
  "users:close-own": { signedIn: true, recent: true },
  "users:request-password-reset": { anyone: true },
  "users:reset-password": { anyone: true },
  "users:change-password": { signedIn: true, recent: true },
  "users:request-email-change": { signedIn: true, recent: true },
  /** By the mailed link, and signed in: the address may have a slip in it, and the mailbox be somebody else's. */
  "users:confirm-email-change": { signedIn: true },
  /** Tells somebody that their password is being guessed. */
  "users:report-sign-in-attack": { system: true },
  "users:enable-second-factor": { signedIn: true, recent: true },
  "users:disable-second-factor": { signedIn: true, recent: true },
  "users:renew-recovery-codes": { signedIn: true, recent: true },
  "identities:link": { signedIn: true, recent: true },
  "identities:unlink": { signedIn: true, recent: true },

  "users:list": { provider: providerReaders },
  "users:read": { provider: providerReaders },
  "users:end-sessions": { provider: ["operator"] },
  "users:send-password-reset": { provider: ["operator"], recent: true },
  "users:disable": { provider: ["operator"], recent: true },
  "users:enable": { provider: ["operator"], recent: true },
  "users:reset-second-factor": { provider: ["operator"], recent: true },
  "users:change-provider-role": { provider: ["operator"], recent: true },

  "notifications:list-own": { signedIn: true },
  "notifications:mark-read": { signedIn: true },
  "notifications:set-preferences": { signedIn: true },

  "emails:list": { provider: providerReaders },
  "emails:retry": { provider: ["operator"] },

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
  "accounts:read-settings": { members: ["owner", "auditor"], provider: ["operator", "support", "auditor"] },
  "accounts:require-second-factor": { members: ["owner"], recent: true },

  "members:list": { members: ["owner"], provider: providerReaders },
  "members:change-role": { members: ["owner"] },
  "members:remove": { members: ["owner"] },
  "members:leave": { members: everyMember },
  "members:transfer-ownership": { members: ["owner"], recent: true },

  "invitations:list": { members: ["owner"], provider: providerReaders },
  "invitations:create": { members: ["owner"], during: ["pending", "approved", "active", "suspended"] },
  "invitations:resend": { members: ["owner"], during: ["pending", "approved", "active", "suspended"] },
  "invitations:cancel": { members: ["owner"] },
  "staff-invitations:create": { provider: ["operator"], recent: true },
  "staff-invitations:resend": { provider: ["operator"], recent: true },
  "staff-invitations:cancel": { provider: ["operator"] },
  /** As a new user, who comes into being by it, or as one who is signed in. */
  "invitations:accept": { anyone: true },
  "invitations:decline": { anyone: true },
  /** The mail once more, by who was given the link otherwise and has to show that the address is theirs. */
  "invitations:request-mail": { anyone: true },

  "buckets:list": { members: storageReaders, provider: providerReaders },
  "buckets:read": { members: storageReaders, provider: providerReaders },
  "buckets:create": { members: storageWriters, during: ["active"] },
  "buckets:delete": { members: storageWriters, during: ["active"] },
  "buckets:retry": { members: storageWriters, during: ["active"] },
  "buckets:settle": { system: true },
  /** Settings live in the engine and are read through. */
  "buckets:read-settings": { members: storageReaders, provider: providerReaders },
  "buckets:set-versioning": { members: storageWriters, during: ["active"] },
  "buckets:set-lifecycle": { members: storageWriters, during: ["active"] },
  "buckets:set-cors": { members: storageWriters, during: ["active"] },
  "buckets:set-tags": { members: storageWriters, during: ["active"] },
  "buckets:set-quota": { members: storageWriters, during: ["active"] },
  /** Counts what is in a bucket, and what a rule would remove from it. */
  "buckets:survey": { members: storageWriters, during: ["active"] },
  "buckets:settle-survey": { system: true },
  "buckets:empty": { members: storageWriters, during: ["active"] },
  "buckets:stop-emptying": { members: storageWriters },
  "buckets:settle-emptying": { system: true },

  /** What tenants keep, and how they call it, is none of the provider's business: members alone. */
  "objects:list": { members: storageReaders },
  "objects:read": { members: storageReaders },
  "objects:upload": { members: storageWriters, during: ["active"] },
  "objects:delete": { members: storageWriters, during: ["active"] },
  "objects:restore": { members: storageWriters, during: ["active"] },
  /** A link lets strangers in. */
  "objects:share": { members: storageWriters, during: ["active"] },
  /** All links at once. */
  "objects:end-sharing": { members: storageWriters },

  "access-keys:list": { members: storageReaders, provider: providerReaders },
  "access-keys:read": { members: storageReaders, provider: providerReaders },
  "access-keys:create": { members: storageWriters, during: ["active"] },
  "access-keys:revoke": { members: storageWriters, during: ["active", "suspended", "closing"] },
  "access-keys:settle": { system: true },
  "access-keys:warn-of-expiry": { system: true },
  "access-keys:deactivate": { members: storageWriters, during: ["active", "suspended"] },
  "access-keys:reactivate": { members: storageWriters, during: ["active"] },
  "access-keys:test": { members: storageReaders },
  "access-keys:read-policy": { members: [...storageReaders, "auditor"], provider: providerReaders },
  "access-keys:set-policy": { members: ["owner"] },
  "access-keys:set-policy-for-all": { provider: ["operator"] },
  "access-keys:rotate": { members: storageWriters, during: ["active"] },
  "access-keys:extend-rotation": { members: storageWriters, during: ["active"] },
  "access-keys:finish-rotation": { members: storageWriters, during: ["active", "suspended"] },
  "access-keys:undo-rotation": { members: storageWriters, during: ["active", "suspended"] },
  "access-keys:settle-rotation": { system: true },

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
 * the role does not suffice, `second-factor-required` where the role counts for nothing without one,
 * `account-not-active` where the account's state stands in the way, `reauthentication-required` where they have to
 * prove again who they are.
 */
export function authorize(
  context: Pick<Context, "actor" | "accountId" | "access" | "session">,
  action: Action,
): void {
  const permission: Permission = permissions[action];
  const { actor, access, accountId } = context;
  if (!holds(actor, access, permission)) {
    if (actor.kind === "anonymous") throw new DomainError("unauthenticated");
    const belongsHere = accountId === null || access.memberRole !== null || access.providerRole !== null;
    throw new DomainError(belongsHere ? "forbidden" : "not-found");
  }
  if (access.secondFactorMissing && (permission.members || permission.provider) && actor.kind === "user") {
    throw new DomainError("second-factor-required");
  }
  if (permission.during && !permission.during.some((state) => state === access.accountState)) {
    throw new DomainError("account-not-active", { state: access.accountState ?? "none" });
  }
  if (permission.recent && actor.kind === "user" && !isRecent(context.session)) {
    throw new DomainError("reauthentication-required");
  }
}

/** How long a proof of who somebody is counts for what asks for a fresh one. */
export const recentMinutes = 15;

function isRecent(session: Context["session"]): boolean {
  return session !== null && Date.now() - session.authenticatedAt.getTime() < recentMinutes * 60_000;
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
