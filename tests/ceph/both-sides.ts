import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { AccessKeyPair } from "#app/ports/storage/driver.ts";
import type { FaultInstallation } from "#tests/support/fault-installation.ts";
import { askCeph } from "./daemons.ts";

/** Users with their access key ids, and buckets, as the engine names them: `tenant$user`, `tenant/bucket`. */
export interface Belongings {
  users: Record<string, string[]>;
  buckets: string[];
}

/** What the engine has. `except` names users that were there before. */
export async function engineSays(except: ReadonlySet<string>): Promise<Belongings> {
  const users: Record<string, string[]> = {};
  for (const uid of await engineUsers()) {
    if (except.has(uid)) continue;
    const { keys } = await askCeph<{ keys: { access_key: string }[] }>("user", "info", "--uid", uid);
    users[uid] = keys.map(({ access_key }) => access_key).sort();
  }
  const tenants = new Set([...except].map((uid) => uid.split("$")[0]));
  const buckets = await askCeph<string[]>("metadata", "list", "bucket");
  return { users, buckets: buckets.filter((name) => !tenants.has(name.split("/")[0])).sort() };
}

/** All users of the engine, by name. */
export async function engineUsers(): Promise<string[]> {
  return (await askCeph<string[]>("metadata", "list", "user")).sort();
}

/** What the engine should have, by the console's database. */
export async function consoleSays({ query }: FaultInstallation): Promise<Belongings> {
  const users = await query<{ uid: string; key: string }>(
    `SELECT replace(id::text, '-', '') || '$owner' AS uid, management_access_key_id AS key
     FROM account WHERE state = 'active'
     UNION ALL
     SELECT replace(account_id::text, '-', '') || '$key' || replace(id::text, '-', ''), access_key_id
     FROM access_key WHERE state <> 'revoked'
     ORDER BY uid`,
  );
  const buckets = await query<{ name: string }>(
    `SELECT replace(account_id::text, '-', '') || '/' || name AS name FROM bucket WHERE deleted_at IS NULL
     ORDER BY name`,
  );
  return {
    users: Object.fromEntries(users.map(({ uid, key }) => [uid, [key]])),
    buckets: buckets.map(({ name }) => name),
  };
}

/** What the console has begun and not finished; keys that came to nothing, and are still to be removed, if wanted. */
export async function unfinished(
  { query }: FaultInstallation,
  { failedKeys }: { failedKeys: boolean },
): Promise<string[]> {
  const rows = await query<{ what: string }>(
    `SELECT 'account ' || slug || ' ' || state AS what FROM account WHERE state <> 'active'
     UNION ALL SELECT 'bucket ' || name || ' ' || state FROM bucket WHERE state <> 'active'
     UNION ALL SELECT 'key ' || name || ' ' || state FROM access_key
       WHERE state NOT IN ('active', 'revoked') AND (state <> 'failed' OR $1)`,
    [failedKeys],
  );
  return rows.map(({ what }) => what).sort();
}

/** The HTTP status that a client with this key gets for a list of the bucket. */
export async function statusWith(storage: string, key: AccessKeyPair, bucket: string): Promise<number> {
  const s3 = new S3Client({
    endpoint: storage,
    region: "us-east-1",
    credentials: key,
    forcePathStyle: true,
  });
  try {
    const { $metadata } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return $metadata.httpStatusCode ?? 0;
  } catch (error) {
    return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  } finally {
    s3.destroy();
  }
}
