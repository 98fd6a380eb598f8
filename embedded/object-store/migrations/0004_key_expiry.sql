-- When a key stops working by itself. Null is never.
alter table s3.access_keys add expires_at timestamptz;

-- A preflight names no tenant: its bucket is looked for by name among those that have rules. See cors.ts.
create index buckets_with_cors on s3.buckets (name, id) where cors is not null;
