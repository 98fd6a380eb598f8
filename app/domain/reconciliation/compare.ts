import { isDeepStrictEqual } from "node:util";
import type { EngineBucket, EngineGrant, TenantState } from "#app/ports/storage/driver.ts";
import type { ConsoleBucket, ConsoleKey, ConsoleState } from "./console-state.ts";
import type { Difference, Grant } from "./findings.ts";

/** The user that owns a tenant's buckets (ports/storage/driver.ts). */
const OWNER = "owner";

export interface Comparison {
  differences: Difference[];
  /** Subjects (`subjectOf`) that the console is changing right now: nothing is said of them. */
  changing: Set<string>;
}

interface Readings {
  /** The console, read before and after the engine. */
  before: ConsoleState;
  after: ConsoleState;
  /** Null where the engine has no such tenant. */
  engine: TenantState | null;
  /** Users at the engine that belong to revoked keys. */
  revoked: ReadonlyMap<string, { id: string; name: string }>;
  /** Whether the engine itself keeps when a key expires. */
  keepsExpiry: boolean;
}

type EngineKey = TenantState["accessKeys"][number];

/**
 * Where console and engine disagree about one account.
 *
 * The engine was read between two readings of the console, and only what is settled and equal in both is held
 * against it: everything that the console does at the engine begins and ends with a change of a row.
 */
export function compare({ before, after, engine, revoked, keepsExpiry }: Readings): Comparison {
  const differences: Difference[] = [];
  const changing = new Set<string>();
  if (!isDeepStrictEqual(before.account, after.account)) changing.add("tenant");
  if (!engine) {
    if (!changing.has("tenant")) differences.push(missingTenant(after));
    // Its buckets and keys went with it: one finding says it all.
    return { differences, changing };
  }
  if (!changing.has("tenant")) differences.push(...compareTenant(after, engine));

  const buckets = new Map(engine.buckets.map((bucket) => [bucket.name, bucket]));
  for (const name of namesIn(before.buckets, after.buckets, buckets)) {
    const row = after.buckets.get(name);
    const settled = !row || row.state === "active";
    if (!settled || !isDeepStrictEqual(row, before.buckets.get(name))) changing.add(`bucket ${name}`);
    else differences.push(...compareBucket(name, row, buckets.get(name)));
  }
  const keys = new Map(engine.accessKeys.map((key) => [key.user, key]));
  const mayWork = after.account.state === "active";
  for (const user of namesIn(before.keys, after.keys, keys)) {
    const row = after.keys.get(user);
    const settled = !row || isSettled(row);
    if (!settled || !isDeepStrictEqual(row, before.keys.get(user))) changing.add(`key ${user}`);
    else
      differences.push(
        ...compareKey(user, row, keys.get(user), { mayWork, keepsExpiry, revoked: revoked.get(user) }),
      );
  }
  return { differences, changing };
}

function isSettled({ state, isReleasing }: ConsoleKey): boolean {
  return (state === "active" || state === "inactive") && !isReleasing;
}

function missingTenant({ account }: ConsoleState): Difference {
  return {
    kind: "tenant_missing_at_engine",
    resource: "tenant",
    consoleSays: { name: account.tenant },
    engineSays: null,
  };
}

function compareTenant({ account }: ConsoleState, { owner }: TenantState): Difference[] {
  const differences: Difference[] = [];
  const managementKey = account.managementAccessKeyId ?? "";
  const wanted = { suspended: false, policyIsWhole: true, hasManagementKey: true };
  const engineSays = owner && {
    suspended: owner.suspended,
    policyIsWhole: owner.policyIsWhole,
    hasManagementKey: owner.accessKeyIds.includes(managementKey),
  };
  if (!isDeepStrictEqual(engineSays, wanted)) {
    differences.push({ kind: "owner_changed", resource: "owner", consoleSays: wanted, engineSays });
  }
  if (!owner) return differences;

  for (const id of owner.accessKeyIds.filter((id) => id !== managementKey)) {
    const engineSays = { accessKeyIds: [id] };
    differences.push({ kind: "owner_key_only_at_engine", resource: id, consoleSays: null, engineSays });
  }
  if (
    account.storageBytes !== null &&
    (owner.quota.maxSizeBytes !== account.storageBytes || owner.quota.maxObjects !== null)
  ) {
    differences.push({
      kind: "quota_differs",
      resource: "quota",
      consoleSays: { maxSizeBytes: String(account.storageBytes), maxObjects: null },
      engineSays: {
        maxSizeBytes: owner.quota.maxSizeBytes === null ? null : String(owner.quota.maxSizeBytes),
        maxObjects: owner.quota.maxObjects === null ? null : String(owner.quota.maxObjects),
      },
    });
  }
  return differences;
}

function compareBucket(
  name: string,
  row: ConsoleBucket | undefined,
  found: EngineBucket | undefined,
): Difference[] {
  if (row && !found) {
    const consoleSays = { id: row.id, createdAt: row.createdAt.toISOString() };
    return [{ kind: "bucket_missing_at_engine", resource: name, consoleSays, engineSays: null }];
  }
  if (!found) return [];
  const { ownerUser } = found;
  if (!row) {
    const engineSays = { createdAt: found.createdAt.toISOString(), ownerUser };
    return [{ kind: "bucket_only_at_engine", resource: name, consoleSays: null, engineSays }];
  }
  if (ownerUser === OWNER) return [];
  const consoleSays = { id: row.id, ownerUser: OWNER };
  return [{ kind: "bucket_owner_differs", resource: name, consoleSays, engineSays: { ownerUser } }];
}

function compareKey(
  user: string,
  row: ConsoleKey | undefined,
  found: EngineKey | undefined,
  about: { mayWork: boolean; keepsExpiry: boolean; revoked: { id: string; name: string } | undefined },
): Difference[] {
  if (!row) return found ? [foreignKey(user, found, about.revoked)] : [];
  const { id, name } = row;
  const wanted = {
    accessKeyIds: [row.accessKeyId],
    active: row.state === "active" && about.mayWork,
    grant: comparable(about.keepsExpiry ? row.grant : { ...row.grant, expiresAt: null }),
  };
  const difference = (
    kind: Difference["kind"],
    says: Partial<typeof wanted>,
    engineSays: Difference["engineSays"],
  ): Difference => ({ kind, resource: user, consoleSays: { id, name, ...says }, engineSays });

  if (!found) return [difference("key_missing_at_engine", wanted, null)];
  const grant = grantOf(found);
  // A gateway forgets the policy of a user that it suspends; whoever wakes the key puts it again.
  const isForgotten = grant === "unknown" && !found.active;
  const accessKeyIds = [...found.accessKeyIds].sort();
  const { active } = found;
  return [
    active !== wanted.active && difference("key_state_differs", { active: wanted.active }, { active }),
    !isForgotten &&
      !isDeepStrictEqual(grant, wanted.grant) &&
      difference("key_grant_differs", { grant: wanted.grant }, { grant }),
    !isDeepStrictEqual(accessKeyIds, wanted.accessKeyIds) &&
      difference("key_ids_differ", { accessKeyIds: wanted.accessKeyIds }, { accessKeyIds }),
  ].filter((found) => found !== false);
}

function foreignKey(
  user: string,
  found: EngineKey,
  revoked: { id: string; name: string } | undefined,
): Difference {
  return {
    kind: "key_only_at_engine",
    resource: user,
    consoleSays: revoked ? { ...revoked, revoked: true } : null,
    engineSays: {
      accessKeyIds: [...found.accessKeyIds].sort(),
      active: found.active,
      grant: grantOf(found),
    },
  };
}

/** As a finding keeps it, and without the order of buckets, which means nothing. */
function comparable({
  permission,
  buckets,
  expiresAt,
}: Exclude<EngineGrant, "unknown">): Exclude<Grant, "unknown"> {
  return {
    permission,
    buckets: buckets === "all" ? buckets : [...buckets].sort(),
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

function grantOf({ grant }: EngineKey): Grant {
  return grant === "unknown" ? grant : comparable(grant);
}

function namesIn(...sides: ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(sides.flatMap((side) => [...side.keys()]))].sort();
}
