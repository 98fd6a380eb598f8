-- When a key last signed a request that was believed; as of up to a minute before: see key-use.ts.
alter table s3.access_keys add last_used_at timestamptz;
