-- Multipart uploads and their parts. Each function locks the bucket before the upload, which is the order in which
-- deleting a bucket does it: so no two transactions wait for each other.

-- A multipart upload. Once it is completed its row stays, as what ties the object to its parts.
create table s3.uploads (
  -- Its version 7 holds the time when the upload began, which is the order of listings.
  id uuid primary key default uuidv7(),
  bucket_id bigint not null references s3.buckets on delete cascade,
  key text collate "C" not null,
  headers jsonb not null default '{}',
  metadata jsonb not null default '{}',
  tags jsonb not null default '{}',
  checksum_algorithm text,
  checksum_type text check (checksum_type in ('FULL_OBJECT', 'COMPOSITE')),
  -- uid of the user that began it.
  initiator text not null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  completed_at timestamptz,
  check ((checksum_algorithm is null) = (checksum_type is null))
);
create index uploads_open on s3.uploads (bucket_id, key, id) where completed_at is null;

create table s3.parts (
  upload_id uuid not null references s3.uploads on delete cascade,
  number integer not null check (number between 1 and 10000),
  -- Null for an empty part.
  blob_id uuid,
  size_bytes bigint not null check (size_bytes >= 0),
  -- MD5 in hex. Its quotes are added where it is sent.
  etag text not null,
  checksum_value text,
  modified_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (upload_id, number),
  check ((blob_id is null) = (size_bytes = 0))
);
create unique index parts_blob_id on s3.parts (blob_id) where blob_id is not null;

/*
 * Begins an upload.
 *
 * Raises a foreign key violation where the bucket is gone.
 */
create function s3.create_upload(
  in_bucket bigint,
  in_key text,
  in_headers jsonb,
  in_metadata jsonb,
  in_tags jsonb,
  in_checksum_algorithm text,
  in_checksum_type text,
  in_initiator text
) returns uuid language sql as $$
  insert into s3.uploads (id, created_at, bucket_id, key, headers, metadata, tags, checksum_algorithm, checksum_type,
    initiator)
  select id, uuid_extract_timestamp(id), in_bucket, in_key, in_headers, in_metadata, in_tags, in_checksum_algorithm,
    in_checksum_type, in_initiator
  from (select uuidv7() as id) new
  returning id
$$;

/*
 * Adds a part to an open upload, in place of an earlier one of its number. Its file must be on disk. One call, one commit.
 *
 * Raises S3UPL where there is no such open upload.
 */
create function s3.put_part(
  in_bucket bigint,
  in_key text,
  in_upload uuid,
  in_number integer,
  in_blob uuid,
  in_size bigint,
  in_etag text,
  in_checksum_value text,
  in_reservation uuid,
  out stored_at timestamptz,
  out unused_blobs uuid[]
) language plpgsql as $$
declare
  replaced_blob uuid;
  replaced_size bigint;
  change s3.space_entries := s3.no_change(in_bucket);
begin
  perform from s3.buckets where id = in_bucket for key share;
  -- Shared: the parts of an upload come at once, but none while it is completed or aborted.
  perform from s3.uploads
    where id = in_upload and bucket_id = in_bucket and key = in_key and completed_at is null
    for share;
  if not found then
    raise exception 'no such upload' using errcode = 'S3UPL';
  end if;

  stored_at := date_trunc('milliseconds', clock_timestamp());
  insert into s3.parts (upload_id, number, blob_id, size_bytes, etag, checksum_value, modified_at)
    values (in_upload, in_number, in_blob, in_size, in_etag, in_checksum_value, stored_at)
    on conflict (upload_id, number) do update set
      blob_id = excluded.blob_id, size_bytes = excluded.size_bytes, etag = excluded.etag,
      checksum_value = excluded.checksum_value, modified_at = excluded.modified_at
    returning old.blob_id, old.size_bytes into replaced_blob, replaced_size;

  unused_blobs := array_remove(array[replaced_blob], null);
  change.upload_bytes := in_size - coalesce(replaced_size, 0);
  change.upload_part_count := case when replaced_size is null then 1 else 0 end;
  insert into s3.space_entries select (change).*;
  delete from s3.space_entries where id = in_reservation and reserved;
end $$;

/*
 * Closes an upload whose row the caller has locked: what is not among these parts is removed, and the space of all of
 * them is given back, since s3.put_version, in the same transaction, counts the object.
 *
 * Returns the files that nothing refers to any more.
 */
create function s3.close_upload(in_bucket bigint, in_upload uuid, in_numbers integer[])
returns uuid[] language plpgsql as $$
declare
  unused_blobs uuid[];
  change s3.space_entries := s3.no_change(in_bucket);
begin
  select -coalesce(sum(size_bytes), 0), -count(*) into change.upload_bytes, change.upload_part_count
    from s3.parts where upload_id = in_upload;
  insert into s3.space_entries select (change).*;

  with removed as (
    delete from s3.parts p
      where p.upload_id = in_upload and not exists (select from unnest(in_numbers) listed where listed = p.number)
      returning p.blob_id
  )
  select coalesce(array_agg(blob_id) filter (where blob_id is not null), '{}') into unused_blobs from removed;

  update s3.uploads set completed_at = clock_timestamp() where id = in_upload;
  return unused_blobs;
end $$;

/*
 * Aborts those of these uploads that are open.
 *
 * aborted are their ids; unused_blobs the files that nothing refers to any more.
 */
create function s3.abort_uploads(in_bucket bigint, in_uploads uuid[], out aborted uuid[], out unused_blobs uuid[])
language plpgsql as $$
declare
  change s3.space_entries := s3.no_change(in_bucket);
begin
  perform from s3.buckets where id = in_bucket for key share;
  select coalesce(array_agg(id), '{}') into aborted from (
    select id from s3.uploads
    where id = any (in_uploads) and bucket_id = in_bucket and completed_at is null
    order by id for update
  ) locked;

  select -coalesce(sum(size_bytes), 0), -count(*),
      coalesce(array_agg(blob_id) filter (where blob_id is not null), '{}')
    into change.upload_bytes, change.upload_part_count, unused_blobs
    from s3.parts where upload_id = any (aborted);
  delete from s3.uploads where id = any (aborted);
  if change.upload_part_count <> 0 then
    insert into s3.space_entries select (change).*;
  end if;
end $$;
