import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { FindingKind } from "#app/generated/prisma/enums.ts";

const grant = z.union([
  z.literal("unknown"),
  z.object({
    permission: z.enum(["read", "read_write"]),
    buckets: z.union([z.literal("all"), z.array(z.string())]),
    /** An ISO 8601 time; null for a key that does not expire. */
    expiresAt: z.string().nullable(),
  }),
]);

/** Bytes or a number of objects; null is unlimited. */
const limit = z.string().nullable();

const side = z
  .object({
    /** The bucket's or key's id in the console. */
    id: z.string(),
    /** What people call it in the console. */
    name: z.string(),
    /** The console's key of this user was revoked: it is not to come back. */
    revoked: z.boolean(),
    createdAt: z.string(),
    /** The bucket's owner within the tenant. */
    ownerUser: z.string(),
    accessKeyIds: z.array(z.string()),
    active: z.boolean(),
    grant,
    maxSizeBytes: limit,
    maxObjects: limit,
    suspended: z.boolean(),
    policyIsWhole: z.boolean(),
    hasManagementKey: z.boolean(),
  })
  .partial();

/** What console or engine says of a thing: which of these there are depends on the kind of finding. */
export type Side = z.infer<typeof side>;
export type Grant = z.infer<typeof grant>;

/** Reads `finding.sides`. */
export const storedSides = z.object({ consoleSays: side.nullable(), engineSays: side.nullable() });

/** What each side says; null where it has no such thing. */
export type Sides = z.infer<typeof storedSides>;

/** One thing in which console and engine disagree. */
export interface Difference extends Sides {
  kind: FindingKind;
  /** A bucket's name, a key's user, an access key id of the owner; `owner`, `quota`, `tenant`. */
  resource: string;
}

/** Whether two looks at one thing found the same. */
export function saysTheSame(a: Sides, b: Sides): boolean {
  return isDeepStrictEqual(a.consoleSays, b.consoleSays) && isDeepStrictEqual(a.engineSays, b.engineSays);
}

/** The thing that a finding is about: two findings on one key are about one subject. */
export function subjectOf({ kind, resource }: Pick<Difference, "kind" | "resource">): string {
  if (kind.startsWith("bucket_")) return `bucket ${resource}`;
  if (kind.startsWith("key_")) return `key ${resource}`;
  return "tenant";
}

/** Tells findings of one account apart. */
export function keyOf({ kind, resource }: Pick<Difference, "kind" | "resource">): string {
  return `${kind} ${resource}`;
}
