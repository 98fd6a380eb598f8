import type { AccessKeyState, RotationState } from "#app/generated/prisma/enums.ts";
import { db } from "#app/ports/db.server.ts";
import { isStanding } from "../access-keys/states.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";

/** A key, as a rotation shows it. */
export interface RotatedKey {
  id: string;
  name: string;
  accessKeyId: string;
  state: AccessKeyState;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** The replacement of one key by another. */
export interface Rotation {
  id: string;
  state: RotationState;
  /** Until when both keys work, or were to. */
  until: Date;
  createdAt: Date;
  endedAt: Date | null;
  /** Name of who started it; null where they are no more. */
  startedBy: string | null;
  oldKey: RotatedKey;
  newKey: RotatedKey;
}

/** A rotation as one of its keys sees it. */
export interface RotationOfKey extends Rotation {
  role: "old" | "new";
  /** Whether it can still be decided about: its time is not over, and neither key is on its way out. */
  isOpen: boolean;
}

const key = {
  select: {
    id: true,
    name: true,
    accessKeyId: true,
    state: true,
    createdAt: true,
    expiresAt: true,
    revokedAt: true,
  },
} as const;

const rotation = {
  id: true,
  state: true,
  until: true,
  createdAt: true,
  endedAt: true,
  startedBy: { select: { name: true } },
  oldKey: key,
  newKey: key,
} as const;

/** The rotation that a key of the account is in, or the last that it was in; null for one that never was. */
export async function findRotation(context: Context, keyId: string): Promise<RotationOfKey | null> {
  const accountId = authorizeInAccount(context, "access-keys:read");
  // A key is in one that runs at most, and that one is its last.
  const found = await db.accessKeyRotation.findFirst({
    where: { accountId, OR: [{ oldKeyId: keyId }, { newKeyId: keyId }] },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: rotation,
  });
  if (!found) return null;
  const { startedBy, ...rest } = found;
  const isStandingPair = isStanding(found.oldKey.state) && isStanding(found.newKey.state);
  return {
    ...rest,
    startedBy: startedBy?.name ?? null,
    role: found.oldKey.id === keyId ? "old" : "new",
    isOpen: found.state === "running" && found.until.getTime() > Date.now() && isStandingPair,
  };
}

/** What the list of keys says of one that is in a rotation. */
export interface RotationMark {
  role: "old" | "new";
  until: Date;
  oldKeyId: string;
}

/** Those of these keys that are in a rotation now, by the key's id. */
export async function listRotationMarks(
  context: Context,
  ids: readonly string[],
): Promise<Map<string, RotationMark>> {
  const accountId = authorizeInAccount(context, "access-keys:list");
  const running = await db.accessKeyRotation.findMany({
    where: {
      accountId,
      state: "running",
      OR: [{ oldKeyId: { in: [...ids] } }, { newKeyId: { in: [...ids] } }],
    },
    select: { oldKeyId: true, newKeyId: true, until: true },
  });
  return new Map(
    running.flatMap(({ oldKeyId, newKeyId, until }): [string, RotationMark][] => [
      [oldKeyId, { role: "old", until, oldKeyId }],
      [newKeyId, { role: "new", until, oldKeyId }],
    ]),
  );
}
