import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Queryable } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { AdminParameters } from "./parameters.ts";

/**
 * Adds a key to a user, or gives the user's own key another secret.
 *
 * @param expiry from readExpiry
 * @throws S3Error KeyExists where the key is another user's
 */
export async function insertKey(
  database: Queryable,
  userId: number,
  accessKeyId: string,
  secretAccessKey: string,
  expiry: Date | null | undefined,
): Promise<void> {
  // A credential holds the id between slashes and commas; see the Authorization header.
  if (!/^[\w.+=@-]{1,128}$/.test(accessKeyId)) throw new S3Error("InvalidArgument", "Bad access-key.");
  const { rowCount } = await database.query(
    `insert into s3.access_keys as k (access_key_id, user_id, secret_access_key, expires_at) values ($1, $2, $3, $4)
     on conflict (access_key_id) do update set secret_access_key = excluded.secret_access_key,
       expires_at = case when $5 then excluded.expires_at else k.expires_at end
     where k.user_id = excluded.user_id`,
    [accessKeyId, userId, secretAccessKey, expiry ?? null, expiry !== undefined],
  );
  if (rowCount === 0) throw new S3Error("KeyExists");
}

/**
 * `expires-at`, which the gateway does not have: when a key stops working by itself, as RFC 3339 has it
 * (`2026-01-31T12:00:00Z`).
 *
 * @returns null where it is empty: the key never expires; undefined where it is missing: a key stays as it is
 * @throws S3Error InvalidArgument
 */
export function readExpiry(parameters: AdminParameters): Date | null | undefined {
  const given = parameters.text("expires-at");
  if (given === undefined) return undefined;
  if (given === "") return null;
  if (!z.iso.datetime({ offset: true }).safeParse(given).success) {
    throw new S3Error("InvalidArgument", "expires-at must be a time such as 2026-01-31T12:00:00Z.");
  }
  return new Date(given);
}

/** 20 capital letters and digits, as at Amazon: 100 bits. */
export function newAccessKeyId(): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return Array.from(randomBytes(20), (byte) => alphabet[byte & 31]).join("");
}

/** 40 characters: 240 bits. */
export function newSecretAccessKey(): string {
  return randomBytes(30).toString("base64url");
}
