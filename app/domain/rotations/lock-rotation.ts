import type { AccessKeyState } from "#app/generated/prisma/enums.ts";
import { type Sql, sql, type Transaction } from "#app/ports/db.server.ts";
import { isStanding } from "../access-keys/states.ts";
import { DomainError } from "../errors.ts";

/** A rotation under way, with its keys as they stand. */
export interface RunningRotation {
  id: string;
  accountId: string;
  until: Date;
  createdAt: Date;
  /** By the database's clock, which decides. */
  isOver: boolean;
  oldKeyId: string;
  oldName: string;
  oldState: AccessKeyState;
  oldExpiresAt: Date | null;
  oldRevokedAt: Date | null;
  oldCreatedById: string | null;
  newKeyId: string;
  newState: AccessKeyState;
  newExpiresAt: Date | null;
}

/**
 * The rotation under way, locked with both its keys until the transaction ends: neither is revoked, nor the rotation
 * put off or ended, while somebody decides by what stands here. Null where it has ended, or is another account's.
 */
export function lockRotation(
  tx: Transaction,
  accountId: string,
  id: string,
): Promise<RunningRotation | null> {
  return lockRunning(tx, accountId, sql`r.id = ${id}::uuid`);
}

/**
 * The rotation in which a key is replaced, locked in the same way, while it can still be decided about: its time is not
 * over, and neither key is on its way out. Throws `not-found` for a key of nobody's, and `conflict` otherwise.
 */
export async function lockOpenRotation(
  tx: Transaction,
  accountId: string,
  oldKeyId: string,
): Promise<RunningRotation> {
  const rotation = await lockRunning(tx, accountId, sql`r.old_key_id = ${oldKeyId}::uuid`);
  if (!rotation && (await tx.accessKey.count({ where: { id: oldKeyId, accountId } })) === 0) {
    throw new DomainError("not-found");
  }
  const isOpen =
    rotation && !rotation.isOver && isStanding(rotation.oldState) && isStanding(rotation.newState);
  if (!isOpen) throw new DomainError("conflict");
  return rotation;
}

async function lockRunning(tx: Transaction, accountId: string, which: Sql): Promise<RunningRotation | null> {
  const [rotation] = await tx.$queryRaw<RunningRotation[]>`
    SELECT r.id, r.account_id AS "accountId", r.until, r.created_at AS "createdAt",
           r.until <= clock_timestamp() AS "isOver",
           o.id AS "oldKeyId", o.name AS "oldName", o.state::text AS "oldState", o.expires_at AS "oldExpiresAt",
           o.revoked_at AS "oldRevokedAt", o.created_by_id AS "oldCreatedById",
           n.id AS "newKeyId", n.state::text AS "newState", n.expires_at AS "newExpiresAt"
    FROM access_key_rotation r
    JOIN access_key o ON o.id = r.old_key_id
    JOIN access_key n ON n.id = r.new_key_id
    WHERE r.account_id = ${accountId}::uuid AND r.state = 'running' AND ${which}
    FOR NO KEY UPDATE OF r, o, n`;
  return rotation ?? null;
}
