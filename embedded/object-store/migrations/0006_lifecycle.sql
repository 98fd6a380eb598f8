-- Lifecycle rules: how far a walk through a bucket has come, and what becomes of versions and uploads that are due.

-- The last walk through each bucket that has rules, or the one that is under way.
create table s3.lifecycle_passes (
  bucket_id bigint primary key references s3.buckets on delete cascade,
  -- What the walk takes for the present.
  now timestamptz not null,
  -- The last version that it has looked at; null at its start.
  after_key text collate "C",
  after_id bigint,
  finished boolean not null default false
);

/*
 * One step of a walk through a bucket: looks at the next in_limit versions with keys from in_from to before in_before
 * (null for no end), and does what the actions say to at most in_most of them. One call, one commit.
 *
 * The walk goes from the last key to the first, and within a key from the oldest version to the newest. So what is
 * counted of the newer ones is still there, and a delete marker is looked at when those below it are gone.
 */
create function s3.expire_versions(
  in_bucket bigint,
  -- The rules that the actions were made from. Nothing happens unless they are still the bucket's.
  in_lifecycle jsonb,
  in_actions jsonb,
  in_now timestamptz,
  in_from text,
  in_before text,
  in_after_key text,
  in_after_id bigint,
  in_limit integer,
  in_most integer,
  out rules_changed boolean,
  -- Null where the walk is at its end.
  out last_key text,
  out last_id bigint,
  out current_expired bigint,
  out noncurrent_removed bigint,
  out markers_removed bigint,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  -- Rows that one commit deletes: a version may have 10,000 parts.
  most_parts constant integer := 10000;
  -- Stands after every key, which has at most 1,024 bytes.
  before_key text := coalesce(in_after_key, in_before, repeat(chr(1114111), 257));
  bucket_versioning text;
  seen bigint[];
  due bigint[];
  due_keys text[];
  due_states text[];
  due_last_key text;
  due_last_id bigint;
  is_cut boolean;
  removal record;
  ids bigint[];
begin
  current_expired := 0;
  noncurrent_removed := 0;
  markers_removed := 0;
  unused_blobs := '{}';

  -- Shared, so that a change of the rules or of versioning waits for this step, and an answered one binds the next.
  select versioning into bucket_versioning from s3.buckets
    where id = in_bucket and lifecycle = in_lifecycle for share;
  rules_changed := not found;
  if rules_changed then
    return;
  end if;

  select coalesce(array_agg(page.id), '{}'), (array_agg(page.key order by page.key, page.id desc))[1],
    (array_agg(page.id order by page.key, page.id desc))[1]
  into seen, last_key, last_id
  from (
    (select v.id, v.key from s3.object_versions v
      where v.bucket_id = in_bucket and v.key = in_after_key and v.id > in_after_id
      order by v.id limit in_limit)
    union all
    (select v.id, v.key from s3.object_versions v
      where v.bucket_id = in_bucket and v.key >= in_from and v.key < before_key
      order by v.key desc, v.id limit in_limit)
    limit in_limit
  ) page;

  select coalesce(array_agg(page.id), '{}'), array_agg(page.key), array_agg(page.state),
    coalesce(bool_or(page.more), false), (array_agg(page.key order by page.key, page.id desc))[1],
    (array_agg(page.id order by page.key, page.id desc))[1]
  into due, due_keys, due_states, is_cut, due_last_key, due_last_id
  from (
    select d.id, d.key, d.state,
      row_number() over walk as number,
      sum(parts.count) over walk - parts.count as parts_before,
      count(*) over () > in_most or sum(parts.count) over () > most_parts as more
    from s3.due_versions(seen, in_actions) d
    cross join lateral (select count(*) from s3.parts p where p.upload_id = d.upload_id) parts
    window walk as (order by d.key desc, d.id)
  ) page
  where page.number <= in_most and page.parts_before < most_parts;
  if is_cut then
    last_key := due_last_key;
    last_id := due_last_id;
  elsif cardinality(seen) < in_limit then
    last_key := null;
    last_id := null;
  end if;
  if due = '{}' then
    return;
  end if;

  -- From here on nobody else changes these, and each is judged again by what it has become.
  perform s3.lock_keys(in_bucket, due_keys);
  perform from s3.object_versions where id = any (due) order by id for update;

  ids := s3.still_due(due, due_states, 'noncurrent', in_actions);
  select * into removal from s3.remove_versions(in_bucket, ids);
  noncurrent_removed := removal.removed;
  unused_blobs := unused_blobs || removal.unused_blobs;

  ids := array(
    select marker.id from s3.version_heads marker
    where marker.id = any (s3.still_due(due, due_states, 'marker', in_actions)) and not exists (
      select from s3.object_versions other
      where other.bucket_id = in_bucket and other.key = marker.key and other.id <> marker.id
    )
  );
  select * into removal from s3.remove_versions(in_bucket, ids);
  markers_removed := removal.removed;

  ids := s3.still_due(due, due_states, 'current', in_actions);
  current_expired := cardinality(ids);
  if bucket_versioning is null then
    select * into removal from s3.remove_versions(in_bucket, ids);
  else
    select * into removal from s3.hide_versions(in_bucket, ids, bucket_versioning = 'Enabled',
      greatest(in_now, date_trunc('milliseconds', clock_timestamp())));
  end if;
  unused_blobs := unused_blobs || removal.unused_blobs;
end $$;

/*
 * Those of some versions that an action holds for. Actions are a list of
 *   {state, prefix, tags, sizeGreaterThan, sizeLessThan, cutoff, newerVersions}
 * where state is current, marker (a delete marker that is current) or noncurrent, cutoff the latest time from which
 * a version is old enough, and newerVersions how many newer noncurrent ones there must be. Null is no condition.
 */
create function s3.due_versions(in_ids bigint[], in_actions jsonb)
returns table (id bigint, key text, state text, upload_id uuid) language sql stable as $$
  select v.id, v.key, v.state, v.upload_id
  from (
    select *, case when noncurrent_at is not null then 'noncurrent'
                   when is_delete_marker then 'marker' else 'current' end as state
    from s3.object_versions where id = any (in_ids)
  ) v
  -- Counted once, for however many rules, and no further than any of them asks for.
  cross join lateral (
    select count(*) from (
      select from s3.object_versions newer
      where v.state = 'noncurrent' and newer.bucket_id = v.bucket_id and newer.key = v.key and newer.id > v.id
        and newer.noncurrent_at is not null
      limit (
        select coalesce(max(action."newerVersions"), 0)
        from jsonb_to_recordset(in_actions) as action ("newerVersions" bigint)
      )
    ) counted
  ) newer
  where exists (
    select from jsonb_to_recordset(in_actions) as action (state text, prefix text, tags jsonb,
      "sizeGreaterThan" bigint, "sizeLessThan" bigint, cutoff timestamptz, "newerVersions" bigint)
    where action.state = v.state
      and coalesce(v.noncurrent_at, v.modified_at) <= action.cutoff
      and starts_with(v.key, action.prefix)
      and v.tags @> action.tags
      and (action."sizeGreaterThan" is null or v.size_bytes > action."sizeGreaterThan")
      and (action."sizeLessThan" is null or v.size_bytes < action."sizeLessThan")
      and (action."newerVersions" is null or newer.count >= action."newerVersions")
  )
$$;

-- Those of one state among versions that were due, if they still are and still have that state.
create function s3.still_due(in_ids bigint[], in_states text[], in_state text, in_actions jsonb)
returns bigint[] language sql stable as $$
  select array(
    select due.id
    from s3.due_versions(
      array(select was.id from unnest(in_ids, in_states) as was (id, state) where was.state = in_state),
      in_actions
    ) due
    where due.state = in_state
  )
$$;

-- Removes versions for good, none of which may leave an older one to become the current one.
create function s3.remove_versions(
  in_bucket bigint,
  in_ids bigint[],
  out removed bigint,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  upload_ids uuid[];
begin
  removed := 0;
  unused_blobs := '{}';
  if in_ids = '{}' then
    return;
  end if;

  with gone as (
    delete from s3.version_heads where id = any (in_ids) returning *
  ),
  counted as (
    insert into s3.space_entries
      (bucket_id, current_bytes, current_count, noncurrent_bytes, noncurrent_count, delete_marker_count)
    select in_bucket,
      -coalesce(sum(size_bytes) filter (where not is_delete_marker and noncurrent_at is null), 0)::bigint,
      -count(*) filter (where not is_delete_marker and noncurrent_at is null),
      -coalesce(sum(size_bytes) filter (where not is_delete_marker and noncurrent_at is not null), 0)::bigint,
      -count(*) filter (where not is_delete_marker and noncurrent_at is not null),
      -count(*) filter (where is_delete_marker)
    from gone having count(*) > 0
  )
  select count(*), coalesce(array_agg(blob_id) filter (where blob_id is not null), '{}'),
    coalesce(array_agg(upload_id) filter (where upload_id is not null), '{}')
  into removed, unused_blobs, upload_ids
  from gone;

  unused_blobs := unused_blobs || array(
    select blob_id from s3.parts where upload_id = any (upload_ids) and blob_id is not null
  );
  delete from s3.uploads where id = any (upload_ids);
end $$;

-- Puts a delete marker on top of current versions. Where versioning is suspended it takes the null version's place.
create function s3.hide_versions(
  in_bucket bigint,
  in_ids bigint[],
  in_enabled boolean,
  in_time timestamptz,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  keys text[] := array(select key from s3.version_heads where id = any (in_ids));
begin
  unused_blobs := '{}';
  if in_ids = '{}' then
    return;
  end if;

  if not in_enabled then
    select removal.unused_blobs into unused_blobs
    from s3.remove_versions(in_bucket, array(
      select id from s3.version_heads
      where bucket_id = in_bucket and key = any (keys) and version_id is null
    )) removal;
  end if;

  with hidden as (
    update s3.version_heads set noncurrent_at = in_time where id = any (in_ids) returning size_bytes
  ),
  made as (
    insert into s3.object_versions (bucket_id, key, version_id, is_delete_marker, size_bytes, modified_at)
    select in_bucket, key, case when in_enabled then gen_random_uuid() end, true, 0, in_time
    from unnest(keys) as key
  )
  insert into s3.space_entries
    (bucket_id, current_bytes, current_count, noncurrent_bytes, noncurrent_count, delete_marker_count)
  select in_bucket, -coalesce(sum(size_bytes), 0)::bigint, -count(*), coalesce(sum(size_bytes), 0)::bigint, count(*),
    cardinality(keys)
  from hidden;
end $$;

-- Aborts at most in_most of the incomplete uploads that an action {prefix, cutoff} holds for.
create function s3.abort_due_uploads(
  in_bucket bigint,
  in_lifecycle jsonb,
  in_actions jsonb,
  in_most integer,
  out rules_changed boolean,
  out aborted bigint,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  due uuid[];
begin
  perform from s3.buckets where id = in_bucket and lifecycle = in_lifecycle for share;
  rules_changed := not found;
  if rules_changed then
    return;
  end if;

  due := array(
    select u.id from s3.uploads u
    where u.bucket_id = in_bucket and u.completed_at is null and exists (
      select from jsonb_to_recordset(in_actions) as action (prefix text, cutoff timestamptz)
      where u.created_at <= action.cutoff and starts_with(u.key, action.prefix)
    )
    limit in_most
  );
  select cardinality(abortion.aborted), abortion.unused_blobs into aborted, unused_blobs
  from s3.abort_uploads(in_bucket, due) abortion;
end $$;
