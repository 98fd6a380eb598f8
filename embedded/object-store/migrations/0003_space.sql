-- What objects, older versions, delete markers and unfinished uploads take of a bucket, each counted for itself; the
-- quotas that all of it counts against; and what buckets held, hour by hour.

-- Space by what takes it. A reservation stands under current_*: nobody asks what kind it will be.
alter table s3.buckets rename column size_bytes to current_bytes;
alter table s3.buckets rename column object_count to current_count;
alter table s3.buckets
  add noncurrent_bytes bigint not null default 0,
  add noncurrent_count bigint not null default 0,
  add delete_marker_count bigint not null default 0,
  add upload_bytes bigint not null default 0,
  add upload_part_count bigint not null default 0;
alter table s3.space_entries rename column size_bytes to current_bytes;
alter table s3.space_entries rename column object_count to current_count;
alter table s3.space_entries
  add noncurrent_bytes bigint not null default 0,
  add noncurrent_count bigint not null default 0,
  add delete_marker_count bigint not null default 0,
  add upload_bytes bigint not null default 0,
  add upload_part_count bigint not null default 0;

-- A change to a bucket's space, as yet of nothing: for functions to add to and to insert.
create function s3.no_change(bucket_id bigint) returns s3.space_entries language sql volatile as $$
  select gen_random_uuid(), bucket_id, 0::bigint, 0::bigint, false, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint
$$;

/*
 * Reserves room for an object, or for a part of an upload, if every quota has it. One reservation per owner at a time.
 *
 * What counts against a quota is all versions and delete markers, the parts of unfinished uploads, and what others have
 * reserved. A limit below zero is none. A bucket's own quota comes before its owner's default for buckets.
 *
 * What is reserved under an id that is there already is added to it.
 *
 * Returns null where the bucket is gone.
 */
create function s3.reserve_space(
  in_owner bigint,
  in_bucket bigint,
  in_bytes bigint,
  in_count bigint,
  in_reservation uuid
) returns boolean language plpgsql as $$
declare
  granted boolean;
begin
  -- A reservation that is lost is harmless, so nobody waits for the disk.
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(7265303, in_owner::integer);
  -- A statement of its own, which sees what was committed while this one waited.
  with space as (
    select b.id,
      b.current_bytes + b.noncurrent_bytes + b.upload_bytes
        + coalesce(sum(e.current_bytes + e.noncurrent_bytes + e.upload_bytes), 0)::bigint as size_bytes,
      b.current_count + b.noncurrent_count + b.delete_marker_count
        + coalesce(sum(e.current_count + e.noncurrent_count + e.delete_marker_count), 0)::bigint as object_count
    from s3.buckets b left join s3.space_entries e on e.bucket_id = b.id
    where b.owner_id = in_owner
    group by b.id
  ),
  limits as (
    select
      case when u.quota_enabled then u.quota_max_bytes else -1 end as owner_bytes,
      case when u.quota_enabled then u.quota_max_objects else -1 end as owner_objects,
      case when b.quota_enabled then b.quota_max_bytes
           when u.bucket_quota_enabled then u.bucket_quota_max_bytes else -1 end as bucket_bytes,
      case when b.quota_enabled then b.quota_max_objects
           when u.bucket_quota_enabled then u.bucket_quota_max_objects else -1 end as bucket_objects
    from s3.buckets b join s3.users u on u.id = b.owner_id
    where b.id = in_bucket
  ),
  verdict as (
    select (owner_bytes < 0 or owned.size_bytes + in_bytes <= owner_bytes)
      and (owner_objects < 0 or owned.object_count + in_count <= owner_objects)
      and (bucket_bytes < 0 or here.size_bytes + in_bytes <= bucket_bytes)
      and (bucket_objects < 0 or here.object_count + in_count <= bucket_objects) as fits
    from limits,
      (select sum(size_bytes) as size_bytes, sum(object_count) as object_count from space) owned,
      (select size_bytes, object_count from space where id = in_bucket) here
  ),
  reserved as (
    insert into s3.space_entries (id, bucket_id, current_bytes, current_count, reserved)
    select in_reservation, in_bucket, in_bytes, in_count, true from verdict where fits
    on conflict (id) do update set current_bytes = space_entries.current_bytes + excluded.current_bytes,
      current_count = space_entries.current_count + excluded.current_count
  )
  select fits into granted from verdict;
  return granted;
end $$;

-- What each bucket held at the start of each hour. Kept by name: a bucket's hours outlive it.
create table s3.storage_hours (
  owner text collate "C" not null,
  bucket text collate "C" not null,
  hour timestamptz not null,
  current_bytes bigint not null,
  current_count bigint not null,
  noncurrent_bytes bigint not null,
  noncurrent_count bigint not null,
  delete_marker_count bigint not null,
  upload_bytes bigint not null,
  upload_part_count bigint not null,
  primary key (owner, hour, bucket)
);
create index storage_hours_hour on s3.storage_hours (hour);
