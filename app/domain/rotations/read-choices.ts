import { type AllowedEnd, getKeyPolicy } from "../access-keys/key-policy.ts";
import { authorizeInAccount } from "../authorization.ts";
import type { Context } from "../context.ts";
import { dayAfter, type OverlapBounds, readOverlapBounds } from "./overlap.ts";
import type { RotationOfKey } from "./read-rotations.ts";

const dayMs = 86_400_000;

export interface StartChoices {
  bounds: OverlapBounds;
  /** What the account's policy lets the new key have for an end. */
  policy: AllowedEnd;
  /** The new key's last day, as its form begins: it lives as long as the old one was made for, where that has an end. */
  expiresOn: string | null;
}

/** What can be chosen for the replacement of a key. */
export async function readStartChoices(
  context: Context,
  key: { createdAt: Date; expiresAt: Date | null },
): Promise<StartChoices> {
  const accountId = authorizeInAccount(context, "access-keys:rotate");
  const [bounds, policy] = await Promise.all([
    readOverlapBounds({ accountId, oldExpiresAt: key.expiresAt, running: null }),
    getKeyPolicy(context),
  ]);
  const lifeDays = key.expiresAt && Math.round((key.expiresAt.getTime() - key.createdAt.getTime()) / dayMs);
  const sameLife = lifeDays === null ? null : dayAfter(policy.today, lifeDays);
  const ends = [sameLife, policy.latestDay].filter((day) => day !== null).sort();
  return { bounds, policy, expiresOn: ends[0] ?? null };
}

/** How much longer both keys of a rotation may work. */
export async function readExtensionChoices(
  context: Context,
  { createdAt: startedAt, until, oldKey, newKey }: RotationOfKey,
): Promise<OverlapBounds> {
  const accountId = authorizeInAccount(context, "access-keys:read");
  const running = { startedAt, until, newExpiresAt: newKey.expiresAt };
  return readOverlapBounds({ accountId, oldExpiresAt: oldKey.expiresAt, running });
}
