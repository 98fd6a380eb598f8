// Every action × every role × the own and a foreign account, against a table written by hand: an edit of
// `permissions` that nobody meant shows here. ASVS 8.2.1, 8.2.2; refusals are in the log (16.3.2).
import { beforeAll, describe, expect, test } from "vitest";
import { type Action, actions, authorize, permissions } from "#app/domain/authorization.ts";
import type { Command } from "#app/domain/command.ts";
import type { Context } from "#app/domain/context.ts";
import { DomainError } from "#app/domain/errors.ts";
import { contextOf, stranger } from "#tests/support/contexts.ts";
import { queryAsOwner } from "#tests/support/database.ts";
import { makeAccount, makeMember, makeUser, snapshot, type TestAccount } from "#tests/support/scenario.ts";

/**
 * Who may do what. O owner, A admin, B billing, D developer, U auditor of the account; o operator,
 * s support, u auditor of the provider; * anyone with a session; ? anyone at all; - only jobs.
 */
const expected: Record<Action, string> = {
  "setup:complete": "?",
  "operators:recover": "-",
  "operators:complete-recovery": "?",
  "sign-ups:create": "?",
  "sign-ups:confirm": "?",

  "sessions:create": "?",
  "sessions:verify-second-factor": "?",
  "sessions:reauthenticate": "*",
  "sessions:list-own": "*",
  "sessions:end": "*",
  "sessions:end-any": "*",

  "users:read-own": "*",
  "users:change-locale": "*",
  "users:update-profile": "*",
  "users:export-own": "*",
  "users:close-own": "*",
  "users:request-password-reset": "?",
  "users:reset-password": "?",
  "users:change-password": "*",
  "users:request-email-change": "*",
  "users:confirm-email-change": "*",
  "users:report-sign-in-attack": "-",
  "users:enable-second-factor": "*",
  "users:disable-second-factor": "*",
  "users:renew-recovery-codes": "*",
  "identities:link": "*",
  "identities:unlink": "*",

  "users:list": "os",
  "users:read": "os",
  "users:end-sessions": "o",
  "users:send-password-reset": "o",
  "users:disable": "o",
  "users:enable": "o",
  "users:reset-second-factor": "o",
  "users:change-provider-role": "o",

  "notifications:list-own": "*",
  "notifications:mark-read": "*",
  "notifications:set-preferences": "*",

  "emails:list": "os",
  "emails:retry": "o",

  "accounts:create": "*",
  "accounts:list-own": "*",
  "accounts:read": "OABDU osu",
  "accounts:resubmit": "O",
  "accounts:list": "os",
  "accounts:approve": "o",
  "accounts:reject": "o",
  "accounts:retry-provisioning": "o",
  "accounts:activate": "-",
  "accounts:adopt-tenant": "o",
  "accounts:read-settings": "OU osu",
  "accounts:require-second-factor": "O",

  "members:list": "O os",
  "members:change-role": "O",
  "members:remove": "O",
  "members:leave": "OABDU",
  "members:transfer-ownership": "O",

  "invitations:list": "O os",
  "invitations:create": "O",
  "invitations:resend": "O",
  "invitations:cancel": "O",
  "invitations:accept": "?",
  "invitations:decline": "?",
  "invitations:request-mail": "?",
  "staff-invitations:create": "o",
  "staff-invitations:resend": "o",
  "staff-invitations:cancel": "o",

  "buckets:list": "OAD os",
  "buckets:read": "OAD os",
  "buckets:create": "OA",
  "buckets:delete": "OA",
  "buckets:retry": "OA",
  "buckets:settle": "-",
  "buckets:read-settings": "OAD os",
  "buckets:set-versioning": "OA",
  "buckets:set-lifecycle": "OA",
  "buckets:set-cors": "OA",
  "buckets:set-tags": "OA",
  "buckets:set-quota": "OA",
  "buckets:survey": "OA",
  "buckets:settle-survey": "-",
  "buckets:empty": "OA",
  "buckets:stop-emptying": "OA",
  "buckets:settle-emptying": "-",

  "objects:list": "OAD",
  "objects:read": "OAD",
  "objects:upload": "OA",
  "objects:delete": "OA",
  "objects:restore": "OA",
  "objects:share": "OA",
  "objects:end-sharing": "OA",

  "access-keys:list": "OAD os",
  "access-keys:read": "OAD os",
  "access-keys:create": "OA",
  "access-keys:revoke": "OA",
  "access-keys:settle": "-",
  "access-keys:warn-of-expiry": "-",
  "access-keys:deactivate": "OA",
  "access-keys:reactivate": "OA",
  "access-keys:test": "OAD",
  "access-keys:read-policy": "OADU os",
  "access-keys:set-policy": "O",
  "access-keys:set-policy-for-all": "o",
  "access-keys:rotate": "OA",
  "access-keys:extend-rotation": "OA",
  "access-keys:finish-rotation": "OA",
  "access-keys:undo-rotation": "OA",
  "access-keys:settle-rotation": "-",

  "quotas:read": "OABD os",
  "quotas:raise": "o",

  "findings:list": "OAD os",
  "findings:list-all": "os",
  "findings:check": "OA o",
  "findings:record": "-",
  "findings:adopt": "OA o",
  "findings:undo": "OA o",
  "findings:decide-tenant": "o",
  "findings:settle": "-",
  "reconciliation:run": "o",

  "storage-engine:read": "os",

  "usage:read": "OABD os",
  "usage:collect": "o",
};

/** The states of the account in which an action is possible, where not in all. */
const expectedStates: Partial<Record<Action, string[]>> = {
  "accounts:resubmit": ["rejected"],
  "accounts:retry-provisioning": ["approved"],
  "accounts:adopt-tenant": ["pending", "approved", "active"],
  "findings:check": ["active", "suspended"],
  "findings:adopt": ["active"],
  "findings:undo": ["active", "suspended"],
  "buckets:create": ["active"],
  "buckets:delete": ["active"],
  "buckets:retry": ["active"],
  "buckets:set-versioning": ["active"],
  "buckets:set-lifecycle": ["active"],
  "buckets:set-cors": ["active"],
  "buckets:set-tags": ["active"],
  "buckets:set-quota": ["active"],
  "buckets:survey": ["active"],
  "buckets:empty": ["active"],
  "objects:upload": ["active"],
  "objects:delete": ["active"],
  "objects:restore": ["active"],
  "objects:share": ["active"],
  "access-keys:create": ["active"],
  "access-keys:revoke": ["active", "suspended", "closing"],
  "access-keys:deactivate": ["active", "suspended"],
  "access-keys:reactivate": ["active"],
  "access-keys:rotate": ["active"],
  "access-keys:extend-rotation": ["active"],
  "access-keys:finish-rotation": ["active", "suspended"],
  "access-keys:undo-rotation": ["active", "suspended"],
  "invitations:create": ["pending", "approved", "active", "suspended"],
  "invitations:resend": ["pending", "approved", "active", "suspended"],
};

/** What asks for a fresh proof of who somebody is (ASVS 7.5.1). */
const expectedRecent: Action[] = [
  "accounts:require-second-factor",
  "identities:link",
  "identities:unlink",
  "members:transfer-ownership",
  "sessions:end-any",
  "staff-invitations:create",
  "staff-invitations:resend",
  "users:change-password",
  "users:change-provider-role",
  "users:close-own",
  "users:disable",
  "users:disable-second-factor",
  "users:enable",
  "users:enable-second-factor",
  "users:export-own",
  "users:renew-recovery-codes",
  "users:request-email-change",
  "users:reset-second-factor",
  "users:send-password-reset",
];
const everyState = ["pending", "approved", "active", "suspended", "closing", "closed", "rejected"] as const;

const members = { O: "owner", A: "admin", B: "billing", D: "developer", U: "auditor" } as const;
const staff = { o: "operator", s: "support", u: "auditor" } as const;
type Role = keyof typeof members | keyof typeof staff | "nobody" | "stranger";
const roles = [...Object.keys(members), ...Object.keys(staff), "nobody", "stranger"] as Role[];

/** Every command of the domain, found by what `command` makes; the file's name is for the failure message. */
const commands = Object.entries(
  import.meta.glob<Record<string, unknown>>(["../../app/domain/**/*.ts", "!**/*.test.ts"], { eager: true }),
).flatMap(([file, exports]) =>
  Object.entries(exports)
    .filter((entry): entry is [string, Command] => isCommand(entry[1]))
    .map(([name, command]) => ({ name: `${name} (${file.split("/domain/")[1]})`, command })),
);

function isCommand(value: unknown): value is Command {
  return typeof value === "function" && "action" in value && "input" in value;
}

let own: TestAccount;
let foreign: TestAccount;
/** Everyone but the stranger, by id. */
const userOf = new Map<Role, string>();

beforeAll(async () => {
  own = await makeAccount();
  foreign = await makeAccount();
  for (const [key, role] of Object.entries(members))
    userOf.set(key as Role, (await makeMember(own, role)).id);
  for (const [key, providerRole] of Object.entries(staff))
    userOf.set(key as Role, (await makeUser({ providerRole })).id);
  userOf.set("nobody", (await makeUser()).id);
});

/** The caller in an account, as the tenant middleware makes it. */
async function contextAs(role: Role, account: TestAccount): Promise<Context> {
  const userId = userOf.get(role);
  return userId ? contextOf(userId, account.id) : { ...stranger(), accountId: account.id };
}

/** What the table says: the code of the refusal, or null where the action is allowed in an active account. */
function refusalOf(action: Action, role: Role, account: TestAccount): string | null {
  const who = expected[action];
  if (who === "?") return null;
  if (role === "stranger") return "unauthenticated";
  const isStaff = role in staff;
  const isMember = role in members && account === own;
  const holds = who === "*" || ((isStaff || isMember) && who.includes(role));
  if (!holds) return isStaff || isMember ? "forbidden" : "not-found";
  const states = expectedStates[action];
  return states && !states.includes("active") ? "account-not-active" : null;
}

const places = [
  ["their own account", () => own],
  ["a foreign account", () => foreign],
] as const;

test("the table names every action, and every role and state that there is", async () => {
  expect(Object.keys(expected).sort()).toEqual([...actions].sort());
  expect(Object.keys(expectedStates).sort()).toEqual(
    actions.filter((action) => "during" in permissions[action]).sort(),
  );
  const values = async (type: string) =>
    (await queryAsOwner<{ value: string }>(`SELECT unnest(enum_range(NULL::${type}))::text AS value`)).map(
      ({ value }) => value,
    );
  expect((await values("member_role")).sort()).toEqual(Object.values(members).sort());
  expect((await values("provider_role")).sort()).toEqual(Object.values(staff).sort());
  expect((await values("account_state")).sort()).toEqual([...everyState].sort());
});

describe.each(roles)("%s", (role) => {
  test.each(places)("every action in %s", async (_, place) => {
    const context = await contextAs(role, place());
    const got = Object.fromEntries(
      actions.map((action) => [action, codeOf(() => authorize(context, action))]),
    );
    const wanted = Object.fromEntries(actions.map((action) => [action, refusalOf(action, role, place())]));
    expect(got).toEqual(wanted);
  });

  // Null is no command's input. Who may act is told so; who may not is told nothing but that.
  test.each(places)("every command in %s", async (_, place) => {
    const account = place();
    const before = await snapshot();
    for (const { name, command } of commands) {
      const context = await contextAs(role, account);
      const code = await refused(command(context, null));
      const wanted = refusalOf(command.action, role, account);
      expect([name, code]).toEqual([name, wanted ?? "invalid-input"]);

      const written = await queryAsOwner<{
        account_id: string | null;
        outcome: string;
        code: string;
        details: object;
      }>("SELECT account_id, outcome, code, details FROM audit_event WHERE request_id = $1", [
        context.origin.requestId,
      ]);
      if (wanted === null) expect([name, written]).toEqual([name, []]);
      else {
        // A reach for what is another's stands in the system's log, under the actor.
        const isForeign = wanted === "not-found";
        expect([name, written]).toEqual([
          name,
          [
            {
              account_id: isForeign ? null : account.id,
              outcome: "refused",
              code: wanted,
              details: expect.objectContaining(isForeign ? { attemptedAccountId: account.id } : {}),
            },
          ],
        ]);
      }
    }
    expect(await snapshot()).toEqual(before);
  });
});

test("an action waits for the account's state", async () => {
  for (const state of everyState) {
    const account = await makeAccount({ state });
    const owner = (await makeMember(account, "owner")).id;
    for (const action of Object.keys(expectedStates) as Action[]) {
      const role = expected[action].includes("O") ? "owner" : "operator";
      const context = await (role === "owner" ? contextOf(owner, account.id) : contextAs("o", account));
      const wanted = expectedStates[action]?.includes(state) ? null : "account-not-active";
      expect([state, action, codeOf(() => authorize(context, action))]).toEqual([state, action, wanted]);
    }
  }
});

test("7.5.1: what is sensitive asks for a proof that is at most 15 minutes old", async () => {
  expect(actions.filter((action) => "recent" in permissions[action]).sort()).toEqual(expectedRecent);
  for (const action of expectedRecent) {
    const role = /[*O]/.test(expected[action]) ? "O" : "o";
    const fresh = await contextAs(role, own);
    const at = (minutes: number) => ({
      id: fresh.session?.id ?? "",
      authenticatedAt: new Date(Date.now() - minutes * 60_000),
    });
    const codes = [at(14), at(16), null].map((session) =>
      codeOf(() => authorize({ ...fresh, session }, action)),
    );
    expect([action, ...codes]).toEqual([
      action,
      null,
      "reauthentication-required",
      "reauthentication-required",
    ]);
  }
});

test("6.3.3: without a second factor, roles of the provider's staff count for nothing", async () => {
  const operator = await makeUser({ providerRole: "operator", secondFactor: false });
  const owner = await makeMember(own, "owner");
  const bare = await contextOf(operator.id, own.id);
  expect(codeOf(() => authorize(bare, "accounts:list"))).toBe("second-factor-required");
  expect(codeOf(() => authorize(bare, "users:enable-second-factor"))).toBeNull();
  await queryAsOwner("UPDATE account SET require_second_factor = true WHERE id = $1", [own.id]);
  expect(codeOf(await authorizing(owner.id, "buckets:list"))).toBe("second-factor-required");
  await queryAsOwner("UPDATE account SET require_second_factor = false WHERE id = $1", [own.id]);
  expect(codeOf(await authorizing(owner.id, "buckets:list"))).toBeNull();

  async function authorizing(userId: string, action: Action) {
    const context = await contextOf(userId, own.id);
    return () => authorize(context, action);
  }
});

test("the domain's commands are all found", () => {
  expect(commands.length).toBeGreaterThanOrEqual(11);
  for (const { command } of commands) expect(actions).toContain(command.action);
});

function codeOf(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function refused(attempt: Promise<unknown>): Promise<string | null> {
  try {
    await attempt;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}
