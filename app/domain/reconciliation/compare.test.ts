import { describe, expect, test } from "vitest";
import type { TenantState } from "#app/ports/storage/driver.ts";
import { compare } from "./compare.ts";
import type { ConsoleBucket, ConsoleKey, ConsoleState } from "./console-state.ts";

const createdAt = new Date("2026-01-02T03:04:05Z");
const unlimited = { maxSizeBytes: null, maxObjects: null };
const all = { permission: "read", buckets: "all", expiresAt: null } as const;

function consoleWith(
  buckets: Record<string, Partial<ConsoleBucket>> = {},
  keys: Record<string, Partial<ConsoleKey>> = {},
): ConsoleState {
  return {
    account: {
      state: "active",
      name: "Conta",
      tenant: "t",
      managementAccessKeyId: "M",
      storageBytes: 100n,
    },
    buckets: new Map(
      Object.entries(buckets).map(([name, row]) => [name, { id: name, state: "active", createdAt, ...row }]),
    ),
    keys: new Map(
      Object.entries(keys).map(([user, row]) => [
        user,
        {
          id: user,
          name: user,
          accessKeyId: user,
          state: "active",
          isReleasing: false,
          grant: all,
          ...row,
        },
      ]),
    ),
  };
}

function engineWith(state: Partial<TenantState> = {}): TenantState {
  return {
    tenant: "t",
    owner: {
      displayName: "Conta",
      suspended: false,
      accessKeyIds: ["M"],
      quota: { maxSizeBytes: 100n, maxObjects: null },
      policyIsWhole: true,
    },
    accessKeys: [],
    buckets: [],
    ...state,
  };
}

const bucket = (name: string, ownerUser = "owner") => ({ name, createdAt, ownerUser, quota: unlimited });
const key = (user: string, more: object = {}): TenantState["accessKeys"][number] => ({
  user,
  accessKeyIds: [user],
  active: true,
  grant: all,
  ...more,
});

/** `kind resource` of each, and what is left out. */
function compared(
  before: ConsoleState,
  engine: TenantState | null,
  { after = before, keepsExpiry = true }: { after?: ConsoleState; keepsExpiry?: boolean } = {},
) {
  const { differences, changing } = compare({ before, after, engine, keepsExpiry, revoked: new Map() });
  return { found: differences.map(({ kind, resource }) => `${kind} ${resource}`), changing: [...changing] };
}
const nothing = { found: [], changing: [] };

describe("comparing console and engine", () => {
  test("agreement is agreement in any order", () => {
    const ours = consoleWith({ a: {} }, { k: { grant: { ...all, buckets: ["a", "b"] } } });
    const grant = { ...all, buckets: ["b", "a"] };
    expect(compared(ours, engineWith({ buckets: [bucket("a")], accessKeys: [key("k", { grant })] }))).toEqual(
      nothing,
    );
  });

  test.each(["provisioning", "deleting", "failed"] as const)("a bucket that is %s is left out", (state) => {
    const ours = consoleWith({ a: { state } });
    for (const buckets of [[], [bucket("a")]])
      expect(compared(ours, engineWith({ buckets }))).toEqual({ found: [], changing: ["bucket a"] });
  });

  test.each(["provisioning", "revoking", "failed"] as const)("a key that is %s is left out", (state) => {
    const ours = consoleWith({}, { k: { state } });
    for (const accessKeys of [[], [key("k")]])
      expect(compared(ours, engineWith({ accessKeys }))).toEqual({ found: [], changing: ["key k"] });
  });

  test("so is a key whose deleted bucket is still in its policy", () => {
    const ours = consoleWith({}, { k: { isReleasing: true, grant: { ...all, buckets: [] } } });
    expect(compared(ours, engineWith({ accessKeys: [key("k")] }))).toEqual({
      found: [],
      changing: ["key k"],
    });
  });

  test("so is what was another before the engine was read: made, removed or narrowed since", () => {
    const wide = { grant: { ...all, permission: "read_write" as const } };
    const before = consoleWith({ gone: {} }, { k: wide });
    const after = consoleWith({ made: {} }, { k: {} });
    expect(compared(before, engineWith(), { after })).toEqual({
      found: [],
      changing: ["bucket gone", "bucket made", "key k"],
    });
  });

  test("a whole account that was changed meanwhile says nothing of its tenant", () => {
    const before = consoleWith();
    const after = { ...before, account: { ...before.account, storageBytes: 5n } };
    expect(compared(before, engineWith(), { after })).toEqual({ found: [], changing: ["tenant"] });
    expect(compared(before, null, { after })).toEqual({ found: [], changing: ["tenant"] });
  });

  test("a tenant that is gone says nothing of what was in it", () => {
    const ours = consoleWith({ a: {} }, { k: {} });
    expect(compared(ours, null).found).toEqual(["tenant_missing_at_engine tenant"]);
  });

  test("a stopped key whose policy the gateway forgot differs in nothing but being stopped", () => {
    const stopped = key("k", { active: false, grant: "unknown" });
    expect(compared(consoleWith({}, { k: {} }), engineWith({ accessKeys: [stopped] })).found).toEqual([
      "key_state_differs k",
    ]);
    const inactive = consoleWith({}, { k: { state: "inactive" } });
    expect(compared(inactive, engineWith({ accessKeys: [stopped] }))).toEqual(nothing);
  });

  test("another expiry is another grant, where the engine keeps one", () => {
    const ours = consoleWith(
      {},
      { k: { grant: { ...all, expiresAt: new Date("2030-01-01T02:59:59.999Z") } } },
    );
    const theirs = (expiresAt: Date | null) =>
      engineWith({ accessKeys: [key("k", { grant: { ...all, expiresAt } })] });
    expect(compared(ours, theirs(new Date("2030-01-01T02:59:59.999Z")))).toEqual(nothing);
    for (const expiresAt of [new Date("2031-01-01T02:59:59.999Z"), null]) {
      expect(compared(ours, theirs(expiresAt)).found).toEqual(["key_grant_differs k"]);
    }
    expect(compared(consoleWith({}, { k: {} }), theirs(createdAt)).found).toEqual(["key_grant_differs k"]);
    expect(compared(ours, theirs(null), { keepsExpiry: false })).toEqual(nothing);
  });

  test("a bucket of another user is found, known to the console or not", () => {
    const engine = engineWith({ buckets: [bucket("a", "alice"), bucket("b", "alice")] });
    expect(compared(consoleWith({ a: {} }), engine).found).toEqual([
      "bucket_owner_differs a",
      "bucket_only_at_engine b",
    ]);
  });
});
