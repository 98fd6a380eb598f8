import { z } from "zod";
import type { FindingKind } from "#app/generated/prisma/enums.ts";
import type { Transaction } from "#app/ports/db.server.ts";
import type { EngineGrant } from "#app/ports/storage/driver.ts";
import { adoptAccessKey } from "../access-keys/adopt-access-key.ts";
import {
  recordKeyGrant,
  recordKeyId,
  recordKeyState,
  recordLostKey,
} from "../access-keys/record-engine-change.ts";
import { adoptBucket } from "../buckets/adopt-bucket.ts";
import { recordLostBucket } from "../buckets/record-lost-bucket.ts";
import { DomainError } from "../errors.ts";
import { setLimit } from "../quotas/set-limit.ts";
import { type Grant, type Sides, storedSides } from "./findings.ts";

export const storedDecision = z
  .object({ name: z.string().optional(), permission: z.enum(["read", "read_write"]).optional() })
  .nullable();

/**
 * Writes into the console what the engine says, inside the caller's command; each row by the module that owns it.
 * Throws a DomainError where a rule of the console is in the way by now.
 */
export async function takeIntoConsole(
  tx: Transaction,
  accountId: string,
  finding: { kind: FindingKind; resource: string; sides: unknown; decision: unknown },
): Promise<void> {
  const { kind, resource } = finding;
  const { consoleSays, engineSays }: Sides = storedSides.parse(finding.sides);
  const key = () => ({ accountId, id: given(consoleSays?.id) });
  switch (kind) {
    case "bucket_only_at_engine": {
      const createdAt = new Date(given(engineSays?.createdAt));
      await adoptBucket(tx, accountId, { name: resource, createdAt });
      return;
    }
    case "bucket_missing_at_engine":
      return recordLostBucket(tx, accountId, given(consoleSays?.id));
    case "key_only_at_engine": {
      const decision = storedDecision.parse(finding.decision);
      const grant = adoptedGrant(engineSays?.grant, decision?.permission);
      const accessKeyId = given(engineSays?.accessKeyIds?.[0]);
      const name = decision?.name ?? resource;
      const active = given(engineSays?.active);
      await adoptAccessKey(tx, accountId, { user: resource, accessKeyId, active, name, ...grant });
      return;
    }
    case "key_missing_at_engine":
      return recordLostKey(tx, key());
    case "key_state_differs":
      return recordKeyState(tx, { ...key(), active: given(engineSays?.active) });
    case "key_grant_differs":
      return recordKeyGrant(tx, { ...key(), ...adoptedGrant(engineSays?.grant, undefined) });
    case "key_ids_differ":
      return recordKeyId(tx, { ...key(), accessKeyId: given(engineSays?.accessKeyIds?.[0]) });
    case "quota_differs":
      return setLimit(tx, accountId, "storage_bytes", BigInt(given(engineSays?.maxSizeBytes)));
    default:
      throw new DomainError("decision-impossible");
  }
}

/** What an adopted key may do: as its policy says, or what the person chose where that cannot be read. */
export function adoptedGrant(
  found: Grant | undefined,
  permission: "read" | "read_write" | undefined,
): Exclude<EngineGrant, "unknown"> {
  if (found === undefined || found === "unknown") {
    return { permission: given(permission), buckets: "all", expiresAt: null };
  }
  return { ...found, expiresAt: found.expiresAt === null ? null : new Date(found.expiresAt) };
}

/** What `choicesFor` has seen to. */
function given<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new DomainError("decision-impossible");
  return value;
}
