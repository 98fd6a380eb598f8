import { randomBytes } from "node:crypto";
import type { Queryable } from "../database.ts";
import { S3Error } from "../errors.ts";

/**
 * Adds a key to a user, or gives the user's own key another secret.
 *
 * @throws S3Error KeyExists where the key is another user's
 */
export async function insertKey(
  database: Queryable,
  userId: number,
  accessKeyId: string,
  secretAccessKey: string,
): Promise<void> {
  // A credential holds the id between slashes and commas; see the Authorization header.
  if (!/^[\w.+=@-]{1,128}$/.test(accessKeyId)) throw new S3Error("InvalidArgument", "Bad access-key.");
  const { rowCount } = await database.query(
    `insert into s3.access_keys as k (access_key_id, user_id, secret_access_key) values ($1, $2, $3)
     on conflict (access_key_id) do update set secret_access_key = excluded.secret_access_key
     where k.user_id = excluded.user_id`,
    [accessKeyId, userId, secretAccessKey],
  );
  if (rowCount === 0) throw new S3Error("KeyExists");
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
