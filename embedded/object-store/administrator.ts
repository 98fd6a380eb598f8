import type { Pool } from "pg";
import { transaction } from "./database.ts";

const ADMINISTRATOR = "admin";

/**
 * Makes the user that may use the Admin Ops API, with exactly the one key of the settings: a key that was configured
 * before stops working.
 */
export async function ensureAdministrator(
  database: Pool,
  key: { accessKeyId: string; secretAccessKey: string },
): Promise<void> {
  await transaction(database, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into s3.users (name, display_name, is_admin) values ($1, 'Administrator', true)
       on conflict (uid) do update set is_admin = true, suspended = false returning id`,
      [ADMINISTRATOR],
    );
    await client.query("delete from s3.access_keys where user_id = $1", [rows[0]?.id]);
    await client.query(
      "insert into s3.access_keys (access_key_id, user_id, secret_access_key) values ($1, $2, $3)",
      [key.accessKeyId, rows[0]?.id, key.secretAccessKey],
    );
  });
}
