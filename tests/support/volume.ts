import { createHash } from "node:crypto";
import pg from "pg";

/** How much an installation holds, and how much of it belongs to its largest account. */
export interface Volume {
  /**
   * Each with an owner of its own. Number 1 is the largest account: the rest of this is in it, and every second owner of
   * another one is a developer there.
   */
  accounts: number;
  buckets: number;
  accessKeys: number;
  /** Accounts with usage records, number 1 among them: 3 buckets × 6 metrics for each hour. */
  meteredAccounts: number;
  /** Hours before `lastHour` that have usage records. */
  meteredHours: number;
  /** Over the first thousand accounts; all sealed. */
  auditEvents: number;
  /** One in two is closed; every second one is account number 1's, the others are one account's each. */
  findings: number;
  /** Every second one is user number 1's, the others are one user's each; one in four is unread. */
  notifications: number;
  /** One in two is account number 1's, the others are to the staff; of each, every second one waits. */
  invitations: number;
  /** Nearly all were sent. */
  emails: number;
}

/** More than an installation will soon have; 2,000,000 usage records. */
export const large: Volume = {
  accounts: 200_000,
  buckets: 100_000,
  accessKeys: 20_000,
  meteredAccounts: 25,
  meteredHours: 4_444,
  auditEvents: 500_000,
  findings: 100_000,
  notifications: 500_000,
  invitations: 20_000,
  emails: 500_000,
};

/** A twentieth of it in each table. */
export const small: Volume = {
  accounts: 10_000,
  buckets: 5_000,
  accessKeys: 1_000,
  meteredAccounts: 5,
  meteredHours: 1_111,
  auditEvents: 25_000,
  findings: 5_000,
  notifications: 25_000,
  invitations: 1_000,
  emails: 25_000,
};

/** The last hour with usage records: the month before it is complete at either volume. */
const lastHour = new Date("2026-04-01T02:00:00Z");
export const meteredMonth = "2026-03";

const firstMinute = Date.UTC(2025, 0, 1);

/** When number `n` of any kind came into being: one a minute. */
export function bornAt(n: number): Date {
  return new Date(firstMinute + n * 60_000);
}

/** What is numbered. A colleague is a member of account number 1 beside its owner. */
export type VolumeKind =
  | "account"
  | "user"
  | "colleague"
  | "invitation"
  | "bucket"
  | "key"
  | "finding"
  | "notification"
  | "email";

/** The id of number `n`, a UUID of version 8 that tells nothing of the order. */
export function idOf(kind: VolumeKind, n: number): string {
  const hex = createHash("md5").update(`${kind}${n}`).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-8$3-a$4-");
}

/** Deterministic rows, number by number: what a number's row holds does not depend on the volume. */
const statements = (volume: Volume): string[] => [
  // Without triggers: append-only tables may be emptied, and no reference is looked up two million times.
  "SET LOCAL session_replication_role = replica",
  `TRUNCATE account, "user", email, audit_event, audit_personal, audit_unsealed, audit_seal CASCADE`,

  `CREATE FUNCTION pg_temp.id_of(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
     RETURN overlay(overlay(md5(kind || n::text) PLACING '8' FROM 13) PLACING 'a' FROM 17)::uuid`,
  `CREATE FUNCTION pg_temp.born_at(n bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE
     RETURN to_timestamp(${firstMinute / 1000} + n * 60)`,

  `INSERT INTO "user" (id, email, name, locale, provider_role, disabled_at, created_at, updated_at)
     SELECT pg_temp.id_of('user', n), 'dona' || n || '@' || substr(md5('mail' || n), 1, 8) || '.example.test',
       'Dona ' || n, 'pt-BR', CASE WHEN n % 100 = 0 THEN 'support' END::provider_role,
       CASE WHEN n % 100 = 3 THEN pg_temp.born_at(n) END, pg_temp.born_at(n), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.accounts}) n`,
  `INSERT INTO account (id, slug, name, document, state, created_at, submitted_at, activated_at, management_access_key_id)
     SELECT pg_temp.id_of('account', n), 'conta-' || n,
       CASE WHEN n % 8 = 0 THEN 'Padaria ' WHEN n <= 5 THEN 'Zimmermann & Filhos ' ELSE 'Comércio ' END || n,
       lpad((n * 99991)::text, 11, '0'),
       CASE n % 50 WHEN 0 THEN 'pending' WHEN 2 THEN 'rejected' ELSE 'active' END::account_state,
       pg_temp.born_at(n), pg_temp.born_at(n), pg_temp.born_at(n), 'MANAGEMENT' || n
     FROM generate_series(1::bigint, ${volume.accounts}) n`,
  `INSERT INTO member (id, account_id, user_id, role, created_at)
     SELECT pg_temp.id_of('member', n), pg_temp.id_of('account', n), pg_temp.id_of('user', n), 'owner', pg_temp.born_at(n)
     FROM generate_series(1, ${volume.accounts}) n`,
  `INSERT INTO member (id, account_id, user_id, role, created_at)
     SELECT pg_temp.id_of('colleague', n), pg_temp.id_of('account', 1), pg_temp.id_of('user', n), 'developer', pg_temp.born_at(n)
     FROM generate_series(2, ${volume.accounts}, 2) n`,
  `INSERT INTO invitation (id, account_id, email, role, provider_role, state, invited_by_id, locale, created_at, expires_at)
     SELECT pg_temp.id_of('invitation', n), CASE WHEN n % 2 = 1 THEN pg_temp.id_of('account', 1) END, 'convite-' || n,
       CASE WHEN n % 2 = 1 THEN 'admin' END::member_role, CASE WHEN n % 2 = 0 THEN 'support' END::provider_role,
       CASE WHEN n % 4 < 2 THEN 'pending' ELSE 'declined' END::invitation_state, pg_temp.id_of('user', 1), 'pt-BR',
       pg_temp.born_at(n), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.invitations}) n`,
  // The first nine are about invoices, as none are later; one in a hundred was refused for good.
  `INSERT INTO email (id, message, data, state, created_at, closed_at)
     SELECT pg_temp.id_of('email', n), CASE WHEN n < 10 THEN 'invoice-issued' ELSE 'password-reset' END,
       jsonb_build_object('userId', pg_temp.id_of('user', n % ${volume.accounts} + 1)),
       CASE WHEN n % 100 = 7 THEN 'failed' ELSE 'sent' END::email_state, pg_temp.born_at(n), pg_temp.born_at(n + 1)
     FROM generate_series(1, ${volume.emails}) n`,
  `INSERT INTO usage_collection (account_id, measured_at)
     SELECT id, timestamptz '${lastHour.toISOString()}' - (row_number() OVER (ORDER BY id)) * interval '1 ms'
     FROM account WHERE state = 'active'`,
  `INSERT INTO quota (id, account_id, resource, limit_value, updated_at)
     SELECT gen_random_uuid(), pg_temp.id_of('account', 1), unnest(enum_range(NULL::quota_resource)), 1000000, now()`,

  // Every tenth bucket is deleted; the first five have a name like no other.
  `INSERT INTO bucket (id, account_id, name, state, created_by_id, created_at, deleted_at)
     SELECT pg_temp.id_of('bucket', n), pg_temp.id_of('account', 1),
       CASE WHEN n <= 5 THEN 'arquivo-morto-' WHEN n % 8 = 1 THEN 'fotos-' ELSE 'logs-' END || n,
       'active', pg_temp.id_of('user', 1), pg_temp.born_at(n), CASE WHEN n % 10 = 0 THEN pg_temp.born_at(n + 1) END
     FROM generate_series(1, ${volume.buckets}) n`,
  // Every tenth key came to nothing, every second one is for three buckets.
  `INSERT INTO access_key (id, account_id, name, access_key_id, permission, all_buckets, state, request_id, created_at)
     SELECT pg_temp.id_of('key', n), pg_temp.id_of('account', 1), 'chave ' || n, 'KEY' || lpad(n::text, 17, '0'),
       'read_write', n % 2 = 0, CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'active' END::access_key_state,
       pg_temp.id_of('request', n), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.accessKeys}) n`,
  `INSERT INTO access_key_bucket (access_key_id, bucket_id)
     SELECT pg_temp.id_of('key', n), pg_temp.id_of('bucket', n + step)
     FROM generate_series(1, ${volume.accessKeys}, 2) n, generate_series(0, 2) step`,
  // Every fourth key was replaced by the next; of those rotations one in five still runs.
  `INSERT INTO access_key_rotation (id, account_id, old_key_id, new_key_id, state, until, created_at)
     SELECT pg_temp.id_of('rotation', n), pg_temp.id_of('account', 1), pg_temp.id_of('key', n), pg_temp.id_of('key', n + 1),
       CASE WHEN n % 20 = 1 THEN 'running' ELSE 'finished' END::rotation_state, pg_temp.born_at(n + 1), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.accessKeys - 1}, 4) n`,
  // Two of each bucket: of all that it holds, and later of some names alone.
  `INSERT INTO bucket_survey (id, account_id, bucket_id, state, counts, created_at, ended_at)
     SELECT pg_temp.id_of('survey', n), pg_temp.id_of('account', 1), pg_temp.id_of('bucket', (n + 1) / 2), 'finished',
       jsonb_build_object('prefix', CASE WHEN n % 2 = 0 THEN 'logs/' ELSE '' END), pg_temp.born_at(n), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.buckets * 2}) n`,

  // Numbers 1 and 2 of each four are closed; the odd ones are account number 1's. Every eighth is about a quota.
  `INSERT INTO finding (id, account_id, kind, resource, sides, state, outcome, first_seen_at, last_seen_at, closed_at)
     SELECT pg_temp.id_of('finding', n), pg_temp.id_of('account', CASE WHEN n % 2 = 1 THEN 1 ELSE n END),
       CASE WHEN n % 8 = 0 THEN 'quota_differs' ELSE 'bucket_only_at_engine' END::finding_kind, 'achado-' || n,
       '{"consoleSays": null, "engineSays": {"ownerUser": "owner"}}',
       CASE WHEN n % 4 IN (1, 2) THEN 'closed' ELSE 'open' END::finding_state,
       CASE WHEN n % 4 IN (1, 2) THEN 'disappeared' END::finding_outcome,
       pg_temp.born_at(n), pg_temp.born_at(n), CASE WHEN n % 4 IN (1, 2) THEN pg_temp.born_at(n + 1) END
     FROM generate_series(1, ${volume.findings}) n`,
  // One account in a hundred could not be compared.
  `INSERT INTO reconciliation_check (account_id, checked_at, last_error)
     SELECT id, activated_at, CASE WHEN slug LIKE '%77' THEN 'unavailable' END FROM account WHERE state = 'active'`,

  // The first nine are about invoices, as none are later; every eighth is about the team.
  `INSERT INTO notification (id, user_id, account_id, kind, data, created_at, read_at)
     SELECT pg_temp.id_of('notification', n),
       pg_temp.id_of('user', CASE WHEN n % 2 = 1 THEN 1 ELSE n % ${volume.accounts} + 2 END), pg_temp.id_of('account', 1),
       CASE WHEN n < 10 THEN 'invoice-issued' WHEN n % 8 = 1 THEN 'member-joined' ELSE 'quota-warning' END,
       jsonb_build_object('name', 'Bia ' || n), pg_temp.born_at(n), CASE WHEN n % 4 <> 3 THEN pg_temp.born_at(n + 1) END
     FROM generate_series(1, ${volume.notifications}) n`,

  // In the order in which hours come in: the records of one account lie far apart.
  `INSERT INTO usage_record (account_id, bucket, metric, hour, source, revision, quantity, measured_at)
     SELECT pg_temp.id_of('account', a), bucket, metric, hour, 'engine', 1,
       1000 + ago * 7 + ascii(bucket), hour + interval '65 minutes'
     FROM generate_series(${volume.meteredHours - 1}, 0, -1) ago,
       LATERAL (SELECT timestamptz '${lastHour.toISOString()}' - ago * interval '1 hour' AS hour) h,
       generate_series(1, ${volume.meteredAccounts}) a,
       unnest(ARRAY['arquivo-morto-1', 'arquivo-morto-2', 'fotos-9']) bucket,
       unnest(enum_range(NULL::usage_metric)) metric`,

  `INSERT INTO audit_event (id, occurred_at, account_id, actor_kind, actor_id, action, resource_type, resource_id, outcome, details)
     SELECT pg_temp.id_of('event', n), pg_temp.born_at(n), pg_temp.id_of('account', n % 1000 + 1), 'user',
       pg_temp.id_of('user', n % 1000 + 1), CASE WHEN n % 5 = 0 THEN 'access-keys:create' ELSE 'buckets:create' END,
       'bucket', pg_temp.id_of('bucket', n), CASE WHEN n % 20 = 0 THEN 'refused' ELSE 'succeeded' END::audit_outcome,
       jsonb_build_object('name', 'balde-' || n)
     FROM generate_series(1, ${volume.auditEvents}) n`,
  `INSERT INTO audit_seal (chain, sequence, event_id, hash, sealed_at)
     SELECT pg_temp.id_of('account', n % 1000 + 1), n / 1000 + 1, pg_temp.id_of('event', n), md5('seal' || n), pg_temp.born_at(n)
     FROM generate_series(1, ${volume.auditEvents}) n`,
];

/**
 * Puts a volume in the place of whatever the database holds, in bulk, and brings the planner's statistics up to
 * date. @param superuserUrl the database as the server's superuser, past grants, triggers and commands
 */
export async function loadVolume(superuserUrl: string, volume: Volume): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const statement of statements(volume)) await client.query(statement);
    await client.query("COMMIT");
    await client.query("VACUUM (ANALYZE)");
  } finally {
    await client.end();
  }
}
