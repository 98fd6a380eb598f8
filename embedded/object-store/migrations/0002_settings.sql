-- What can be set of access keys and of buckets.

-- When a key stops working by itself. Null is never.
alter table s3.access_keys add expires_at timestamptz;

alter table s3.buckets
  -- Null until it is first set; never null again, as in S3.
  add versioning text check (versioning in ('Enabled', 'Suspended')),
  -- Each as its module under operations/ writes and reads it; null for none.
  add tags jsonb,
  add cors jsonb,
  add lifecycle jsonb,
  -- Tells in a few bytes whether the rules are still those that were read: they may have a megabyte.
  add lifecycle_digest text generated always as (md5(lifecycle::text)) stored;

-- A preflight names no tenant: its bucket is looked for by name among those that have rules. See cors.ts.
create index buckets_with_cors on s3.buckets (name, id) where cors is not null;

-- The buckets that lifecycle/worker.ts walks through.
create index buckets_lifecycle on s3.buckets (id) where lifecycle is not null;
