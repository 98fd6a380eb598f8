import type { Transaction } from "#app/ports/db.server.ts";
import { listConcerned } from "../access-keys/concerned.ts";
import type { ListedKind } from "../notifications/kinds.ts";
import { notify } from "../notifications/notify.ts";

interface Told {
  accountId: string;
  oldKeyId: string;
  /** The old key's. */
  oldName: string;
  oldCreatedById: string | null;
}

/** Tells the people concerned how the replacement of a key stands, within the caller's transaction. */
export async function tell(
  tx: Transaction,
  kind: Extract<ListedKind, `access-key-rotation-${string}`>,
  rotation: Told,
  until: Date,
): Promise<void> {
  await notify(tx, {
    kind,
    userIds: await listConcerned(tx, rotation.accountId, rotation.oldCreatedById),
    accountId: rotation.accountId,
    data: { keyId: rotation.oldKeyId, name: rotation.oldName, until: until.toISOString() },
  });
}
