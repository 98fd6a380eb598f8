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
