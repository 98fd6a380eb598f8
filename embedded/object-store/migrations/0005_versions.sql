-- Versions of objects. Whatever changes a key is a function here, and holds the key's lock.

-- A row is one version of an object, or a delete marker. The newest of a key (the greatest id) is the current one. What
-- was an object is its null version.
alter table s3.objects rename to object_versions;
alter table s3.object_versions
  -- What clients call it; null is S3's "null version", the only one of a key that can be overwritten.
  add version_id uuid,
  add is_delete_marker boolean not null default false,
  -- When a newer version took its place. Null for the current version, and for no other.
  add noncurrent_at timestamptz,
  -- A body of at most 64 KiB stands here: a file of its own would cost two more waits for the disk.
  add body bytea,
  -- The body is the parts of this upload, in the order of their numbers.
  add upload_id uuid references s3.uploads,
  add checksum_type text,
  add tags jsonb not null default '{}',
  alter column etag drop not null,
  drop constraint objects_blob_id_key,
  drop constraint objects_check,
  drop constraint objects_check1;
-- Bodies are mostly compressed already, and a range of one is read faster when it is not.
alter table s3.object_versions alter column body set storage external;
update s3.object_versions set checksum_type = 'FULL_OBJECT' where checksum_algorithm is not null;
alter table s3.object_versions
  add constraint object_versions_etag check ((etag is null) = is_delete_marker),
  add constraint object_versions_one_body
    check (num_nonnulls(blob_id, body, upload_id) = case when size_bytes = 0 and upload_id is null then 0 else 1 end),
  add constraint object_versions_checksum
    check (num_nonnulls(checksum_algorithm, checksum_type, checksum_value) in (0, 3));

drop index s3.objects_bucket_id_key;
create unique index object_versions_bucket_id_key_id on s3.object_versions (bucket_id, key, id desc);
-- What lists show. It keeps the keys of deleted objects, which have only markers left, out of their way.
create unique index object_versions_listed on s3.object_versions (bucket_id, key)
  where noncurrent_at is null and not is_delete_marker;
create unique index object_versions_version_id on s3.object_versions (version_id) where version_id is not null;
create unique index object_versions_blob_id on s3.object_versions (blob_id) where blob_id is not null;
create unique index object_versions_upload_id on s3.object_versions (upload_id) where upload_id is not null;

-- What decides about a version. Without its body, which a function that reads a whole row would load.
create view s3.version_heads as
  select id, bucket_id, key, version_id, is_delete_marker, noncurrent_at, size_bytes, etag, blob_id, upload_id
  from s3.object_versions;

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
 * Deletes objects as S3 does: a key alone removes the null version where the bucket keeps no versions, and puts a
 * delete marker on top where it does; a key with a version id removes that version for good. What is not there is
 * deleted successfully.
 *
 * in_versions holds '' for none, 'null', or a version's id; in_if_match an ETag, '*', or null for no condition. A pair
 * whose condition does not hold is left alone. Answers one row for each pair, in their order.
 */
create function s3.delete_versions(in_bucket bigint, in_keys text[], in_versions text[], in_if_match text[])
returns table (
  ordinal integer,
  versioned boolean,
  condition_failed boolean,
  marker_created boolean,
  marker_removed boolean,
  -- Of the version that was removed or the marker that was made; null for the null version.
  affected_version_id uuid,
  unused_blobs uuid[]
) language plpgsql as $$
declare
  state text;
  deleted_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  wanted text;
  newest s3.version_heads;
  target s3.version_heads;
  compared s3.version_heads;
  promoted s3.version_heads;
  change s3.space_entries := s3.no_change(in_bucket);
begin
  perform s3.lock_keys(in_bucket, in_keys);
  select versioning into state from s3.buckets where id = in_bucket;
  versioned := state is not null;

  for i in 1 .. cardinality(in_keys) loop
    ordinal := i;
    wanted := in_versions[i];
    condition_failed := false;
    marker_created := false;
    marker_removed := false;
    affected_version_id := null;
    unused_blobs := '{}';
    target := null;
    select * into newest from s3.version_heads
      where bucket_id = in_bucket and key = in_keys[i] order by id desc limit 1;

    -- The version to remove: the one that is named, or the null version where a new marker replaces it.
    if wanted not in ('', 'null') then
      select * into target from s3.version_heads
        where version_id = wanted::uuid and bucket_id = in_bucket and key = in_keys[i];
    elsif wanted = 'null' or state is distinct from 'Enabled' then
      select * into target from s3.version_heads
        where bucket_id = in_bucket and key = in_keys[i] and version_id is null;
    end if;

    if in_if_match[i] is not null then
      compared := case when wanted = '' then newest else target end;
      if compared.id is null or compared.is_delete_marker or in_if_match[i] not in ('*', compared.etag) then
        condition_failed := true;
        return next;
        continue;
      end if;
    end if;

    if target.id is not null then
      delete from s3.version_heads where id = target.id;
      unused_blobs := s3.remove_body(target);
      change := s3.count_version(change, target, -1);
      affected_version_id := target.version_id;
      marker_removed := target.is_delete_marker and wanted <> '';
    end if;

    if wanted = '' and state is not null then
      if newest.id is distinct from target.id then
        change := s3.count_version(change, newest, -1);
        update s3.version_heads set noncurrent_at = deleted_at where id = newest.id returning * into newest;
        change := s3.count_version(change, newest, 1);
      end if;
      insert into s3.object_versions (bucket_id, key, version_id, is_delete_marker, size_bytes, modified_at)
        values (in_bucket, in_keys[i], case when state = 'Enabled' then gen_random_uuid() end, true, 0, deleted_at)
        returning version_id into affected_version_id;
      change.delete_marker_count := change.delete_marker_count + 1;
      marker_created := true;
    elsif target.id = newest.id then
      -- The current version is gone, and the newest of the others takes its place.
      select * into promoted from s3.version_heads
        where bucket_id = in_bucket and key = in_keys[i] order by id desc limit 1;
      if promoted.id is not null then
        change := s3.count_version(change, promoted, -1);
        update s3.version_heads set noncurrent_at = null where id = promoted.id returning * into promoted;
        change := s3.count_version(change, promoted, 1);
      end if;
    end if;
    return next;
  end loop;

  insert into s3.space_entries select (change).*;
end $$;

-- Serializes changes of these keys until the transaction ends. In the order of their locks, and the bucket before them,
-- so that two transactions never wait for each other, nor for one that deletes the bucket. Reads do not wait.
create function s3.lock_keys(bucket_id bigint, keys text[]) returns void language sql as $$
  select from s3.buckets where id = lock_keys.bucket_id for key share;
  select pg_advisory_xact_lock(lock)
  from (select distinct hashtextextended(key, lock_keys.bucket_id) as lock from unnest(keys) as key order by lock) locks
$$;

-- Frees what a removed version's body took; returns the files that nothing refers to any more.
create function s3.remove_body(removed s3.version_heads) returns uuid[] language plpgsql as $$
declare
  blobs uuid[];
begin
  if removed.upload_id is null then
    return case when removed.blob_id is null then '{}'::uuid[] else array[removed.blob_id] end;
  end if;
  select coalesce(array_agg(blob_id) filter (where blob_id is not null), '{}') into blobs
  from s3.parts where upload_id = removed.upload_id;
  delete from s3.uploads where id = removed.upload_id;
  return blobs;
end $$;

-- What a version takes of its bucket's space, added to a change (sign 1) or taken off it (sign -1).
create function s3.count_version(change s3.space_entries, version s3.version_heads, sign integer)
returns s3.space_entries language plpgsql immutable as $$
begin
  if version.is_delete_marker then
    change.delete_marker_count := change.delete_marker_count + sign;
  elsif version.noncurrent_at is null then
    change.current_bytes := change.current_bytes + sign * version.size_bytes;
    change.current_count := change.current_count + sign;
  else
    change.noncurrent_bytes := change.noncurrent_bytes + sign * version.size_bytes;
    change.noncurrent_count := change.noncurrent_count + sign;
  end if;
  return change;
end $$;
