import type { FindingKind } from "#app/generated/prisma/enums.ts";
import type { Side, Sides } from "./findings.ts";

/** Why something cannot be done about a finding; each is a key of `reconciliation.json`. */
export type Obstacle =
  | "secret-unknown"
  | "key-revoked"
  | "several-ids"
  | "own-id-missing"
  | "grant-unreadable"
  | "no-such-limit"
  | "owner-is-ours"
  | "owner-key-not-adoptable"
  | "tenant-is-ours";

export interface Choices {
  /** The console takes the engine's state; null where it can, else why not. */
  adopt: Obstacle | null;
  /** The engine is set back to the console's state; the same. */
  undo: Obstacle | null;
  /** Who decides: whoever manages the account's storage, or the provider alone. */
  decidedBy: "account" | "provider";
  /** The person names the adopted key. */
  asksName: boolean;
  /** The engine's policy is none of Balde's: the person says what the adopted key may do instead. */
  asksPermission: boolean;
}

const simple: Choices = {
  adopt: null,
  undo: null,
  decidedBy: "account",
  asksName: false,
  asksPermission: false,
};

/** What can be done about a finding. The same for pages, which offer it, and commands, which hold to it. */
export function choicesFor({ kind, consoleSays, engineSays }: Sides & { kind: FindingKind }): Choices {
  switch (kind) {
    case "bucket_only_at_engine":
    case "bucket_missing_at_engine":
    case "key_state_differs":
      return simple;
    case "bucket_owner_differs":
      return { ...simple, adopt: "owner-is-ours" };
    case "key_only_at_engine": {
      const asksPermission = engineSays?.grant === "unknown";
      return { ...simple, adopt: obstacleToKey(consoleSays, engineSays), asksName: true, asksPermission };
    }
    case "key_missing_at_engine":
      return { ...simple, undo: "secret-unknown" };
    case "key_grant_differs":
      return { ...simple, adopt: engineSays?.grant === "unknown" ? "grant-unreadable" : null };
    case "key_ids_differ": {
      const ids = engineSays?.accessKeyIds ?? [];
      const hasOurs = consoleSays?.accessKeyIds?.some((id) => ids.includes(id)) === true;
      return {
        ...simple,
        adopt: ids.length === 1 ? null : "several-ids",
        undo: hasOurs ? null : "own-id-missing",
      };
    }
    case "quota_differs": {
      const fits = engineSays?.maxSizeBytes != null && engineSays.maxObjects === null;
      return { ...simple, adopt: fits ? null : "no-such-limit", decidedBy: "provider" };
    }
    case "owner_changed":
      return { ...simple, adopt: "owner-is-ours", decidedBy: "provider" };
    case "owner_key_only_at_engine":
      return { ...simple, adopt: "owner-key-not-adoptable", decidedBy: "provider" };
    case "tenant_missing_at_engine":
      return { ...simple, adopt: "tenant-is-ours", decidedBy: "provider" };
  }
}

function obstacleToKey(consoleSays: Side | null, engineSays: Side | null): Obstacle | null {
  if (consoleSays?.revoked) return "key-revoked";
  return engineSays?.accessKeyIds?.length === 1 ? null : "several-ids";
}
