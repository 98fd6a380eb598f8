-- The embedded object store's own schema. Keys compare by their UTF-8 bytes (COLLATE "C"), which is the order
-- S3 lists in, whatever the database's locale.

-- A user as the Ceph Object Gateway knows it: uid is "name", or "tenant$name" in a tenant.
-- A quota of -1 is no limit, as in the gateway.
create table s3.users (
  id bigint generated always as identity primary key,
  tenant text collate "C" not null default '',
  name text collate "C" not null check (name <> ''),
  uid text collate "C" generated always as (case when tenant = '' then name else tenant || '$' || name end) stored unique,
  display_name text not null,
  email text not null default '',
  suspended boolean not null default false,
  -- 0 is no limit, below 0 is "may create none".
  max_buckets integer not null default 1000,
  is_admin boolean not null default false,
  quota_enabled boolean not null default false,
  quota_max_bytes bigint not null default -1,
  quota_max_objects bigint not null default -1,
  -- Holds for each bucket of this user that has no enabled quota of its own.
  bucket_quota_enabled boolean not null default false,
  bucket_quota_max_bytes bigint not null default -1,
  bucket_quota_max_objects bigint not null default -1,
  created_at timestamptz not null default now()
);

-- Secrets stand in clear: a signature cannot be checked against a hash of its key.
create table s3.access_keys (
  access_key_id text collate "C" primary key,
  user_id bigint not null references s3.users on delete cascade,
  secret_access_key text not null,
  created_at timestamptz not null default now()
);
create index access_keys_user_id on s3.access_keys (user_id);

-- The document is kept as it was sent: GetUserPolicy gives it back letter by letter.
create table s3.user_policies (
  user_id bigint not null references s3.users on delete cascade,
  name text collate "C" not null,
  document text not null,
  primary key (user_id, name)
);

create table s3.buckets (
  id bigint generated always as identity primary key,
  tenant text collate "C" not null,
  name text collate "C" not null,
  owner_id bigint not null references s3.users,
  created_at timestamptz not null default now(),
  -- What the settled space entries added up to when they were last folded in: see s3.space_entries.
  size_bytes bigint not null default 0,
  object_count bigint not null default 0,
  quota_enabled boolean not null default false,
  quota_max_bytes bigint not null default -1,
  quota_max_objects bigint not null default -1,
  unique (tenant, name)
);
create index buckets_owner_id on s3.buckets (owner_id, name);

-- No cascade from buckets: this reference is what keeps a bucket that holds objects from being deleted, and an
-- upload from committing into a bucket that is gone, without a lock of our own.
create table s3.objects (
  id bigint generated always as identity primary key,
  bucket_id bigint not null references s3.buckets,
  key text collate "C" not null,
  -- The file that holds the body. Null for an empty object, which needs none.
  blob_id uuid unique,
  size_bytes bigint not null check (size_bytes >= 0),
  etag text not null,
  checksum_algorithm text,
  checksum_value text,
  -- Content-Type and its like, and x-amz-meta-*: header values exactly as received, one character per byte.
  headers jsonb not null default '{}',
  metadata jsonb not null default '{}',
  modified_at timestamptz not null,
  check ((blob_id is null) = (size_bytes = 0)),
  check ((checksum_algorithm is null) = (checksum_value is null))
);
create unique index objects_bucket_id_key on s3.objects (bucket_id, key);

-- Space taken and given back, as rows instead of a counter: writers to one bucket never wait for each other.
-- An upload reserves its declared size before its body (reserved), which is what makes quotas exact; its commit
-- replaces that by what really changed (settled). Settled rows are folded into s3.buckets every few seconds.
-- A bucket's size is its counter plus its settled rows; what counts against a quota is the reserved ones too.
create table s3.space_entries (
  id uuid primary key default gen_random_uuid(),
  bucket_id bigint not null references s3.buckets on delete cascade,
  size_bytes bigint not null,
  object_count bigint not null,
  reserved boolean not null default false
);
create index space_entries_bucket_id on s3.space_entries (bucket_id);

-- Requests and traffic by bucket owner, bucket and hour. bucket is '' for ListBuckets and '-' for a bucket that
-- does not exist. payer is the uid that acted, where that was not the owner, otherwise ''.
create table s3.usage (
  owner text collate "C" not null,
  bucket text collate "C" not null,
  hour timestamptz not null,
  payer text collate "C" not null,
  category text collate "C" not null,
  ops bigint not null default 0,
  successful_ops bigint not null default 0,
  bytes_sent bigint not null default 0,
  bytes_received bigint not null default 0,
  primary key (owner, hour, bucket, payer, category)
);
create index usage_hour on s3.usage (hour);

-- The last flush of usage counters that was applied: a flush whose answer was lost is sent again under the same id
-- and counts once.
create table s3.usage_flushes (
  only_row boolean primary key default true check (only_row),
  last_flush_id uuid not null
);
insert into s3.usage_flushes (last_flush_id) values (gen_random_uuid());
