-- Writing an object: If-None-Match with ETags, and the reservation of its space in one call.

drop function s3.put_version(bigint, text, uuid, bytea, uuid, bigint, text, text, text, text, jsonb, jsonb, jsonb,
  boolean, text[], uuid);

/*
 * Makes an object the current version of its key: in place of the null version where the bucket keeps no versions, on
 * top of the others where it does. Its file or its upload must be on disk. One call, one commit.
 *
 * Raises S3412 where a condition does not hold, S3404 where If-Match finds no object, and a foreign key violation
 * where the bucket is gone.
 */
create function s3.put_version(
  in_bucket bigint,
  in_key text,
  in_blob uuid,
  in_body bytea,
  in_upload uuid,
  in_size bigint,
  in_etag text,
  in_checksum_algorithm text,
  in_checksum_type text,
  in_checksum_value text,
  in_headers jsonb,
  in_metadata jsonb,
  in_tags jsonb,
  -- Each ETags without quotes, or '*'; null for no condition.
  in_if_none_match text[],
  in_if_match text[],
  in_reservation uuid,
  -- Null for the null version.
  out stored_version_id uuid,
  out stored_at timestamptz,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  state text;
  newest s3.version_heads;
  replaced s3.version_heads;
  change s3.space_entries := s3.no_change(in_bucket);
begin
  perform s3.lock_keys(in_bucket, array[in_key]);
  select versioning into state from s3.buckets where id = in_bucket;
  select * into newest from s3.version_heads
    where bucket_id = in_bucket and key = in_key order by id desc limit 1;

  if newest.id is not null and not newest.is_delete_marker
    and ('*' = any (in_if_none_match) or newest.etag = any (in_if_none_match))
  then
    raise exception 'this object is there' using errcode = 'S3412';
  end if;
  if in_if_match is not null then
    if newest.id is null or newest.is_delete_marker then
      raise exception 'no object is there' using errcode = 'S3404';
    elsif '*' <> all (in_if_match) and newest.etag <> all (in_if_match) then
      raise exception 'another object is there' using errcode = 'S3412';
    end if;
  end if;

  stored_at := date_trunc('milliseconds', clock_timestamp());
  unused_blobs := '{}';
  if state = 'Enabled' then
    stored_version_id := gen_random_uuid();
  else
    delete from s3.version_heads
      where bucket_id = in_bucket and key = in_key and version_id is null
      returning * into replaced;
    if replaced.id is not null then
      unused_blobs := s3.remove_body(replaced);
      change := s3.count_version(change, replaced, -1);
    end if;
  end if;
  if newest.id is distinct from replaced.id then
    change := s3.count_version(change, newest, -1);
    update s3.version_heads set noncurrent_at = stored_at where id = newest.id returning * into newest;
    change := s3.count_version(change, newest, 1);
  end if;

  insert into s3.object_versions (bucket_id, key, version_id, blob_id, body, upload_id, size_bytes, etag,
    checksum_algorithm, checksum_type, checksum_value, headers, metadata, tags, modified_at)
  values (in_bucket, in_key, stored_version_id, in_blob, in_body, in_upload, in_size, in_etag,
    in_checksum_algorithm, in_checksum_type, in_checksum_value, in_headers, in_metadata, in_tags, stored_at);
  change.current_bytes := change.current_bytes + in_size;
  change.current_count := change.current_count + 1;

  insert into s3.space_entries select (change).*;
  delete from s3.space_entries where id = in_reservation and reserved;
end $$;

/*
 * Reserves room for an object, or for a part of an upload, if every quota has it. One reservation per owner at a time.
 *
 * What counts against a quota is all versions and delete markers, the parts of unfinished uploads, and what others have
 * reserved. A limit below zero is none. A bucket's own quota comes before its owner's default for buckets.
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
  )
  select fits into granted from verdict;
  return granted;
end $$;
