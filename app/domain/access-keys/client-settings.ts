/** What a client needs to reach the storage with one key. */
export interface Connection {
  /** Public address of the engine, `https://s3.example.com`. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  /** The secret, or a placeholder for it. */
  secretAccessKey: string;
}

export interface ClientSettings {
  client: "aws" | "boto3" | "rclone" | "s3cmd";
  /** The client's own name. */
  label: string;
  /** Where the client looks for its settings; null for code. */
  file: string | null;
  code: string;
  /** A first call that shows whether it works. */
  tryOut: string;
}

/**
 * Settings that work as they stand, per client. All of them use path style, since bucket names need no entry
 * in the DNS then.
 */
export function clientSettings(connection: Connection): ClientSettings[] {
  return [
    {
      client: "aws",
      label: "AWS CLI",
      file: "~/.aws/config",
      code: awsCli(connection),
      // Its versions before 2.13 do not read endpoint_url from the file.
      tryOut: `aws --profile balde --endpoint-url ${connection.endpoint} s3 ls`,
    },
    {
      client: "boto3",
      label: "boto3",
      file: null,
      code: boto3(connection),
      tryOut: 'print(s3.list_buckets()["Buckets"])',
    },
    {
      client: "rclone",
      label: "rclone",
      file: "~/.config/rclone/rclone.conf",
      code: rclone(connection),
      tryOut: "rclone lsd balde:",
    },
    { client: "s3cmd", label: "s3cmd", file: "~/.s3cfg", code: s3cmd(connection), tryOut: "s3cmd ls" },
  ];
}

// In us-east-1 `aws s3 presign` signs with version 2 unless told otherwise: s3v4.
// Clients from 2025 on add checksum trailers to uploads, which older Ceph gateways refuse (411): when_required.
function awsCli({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
  return `[profile balde]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
region = ${region}
endpoint_url = ${endpoint}
request_checksum_calculation = when_required
response_checksum_validation = when_required
s3 =
    addressing_style = path
    signature_version = s3v4`;
}

// The checksum setting stands in the environment, because a botocore from before 2025 refuses to know it.
function boto3({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
  return `import os

os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")

import boto3
from botocore.config import Config

s3 = boto3.client(
    "s3",
    endpoint_url="${endpoint}",
    region_name="${region}",
    aws_access_key_id="${accessKeyId}",
    aws_secret_access_key="${secretAccessKey}",
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)`;
}

// Keys may not create buckets, so rclone must not try to before an upload: no_check_bucket.
function rclone({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
  return `[balde]
type = s3
provider = Other
access_key_id = ${accessKeyId}
secret_access_key = ${secretAccessKey}
endpoint = ${endpoint}
region = ${region}
force_path_style = true
no_check_bucket = true`;
}

// The host of a bucket without %(bucket)s in it is what makes s3cmd use path style. Unless it knows what ACL to set,
// its cp asks for that of the source, which keys may not see: acl_public.
function s3cmd({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
  const { host, protocol } = new URL(endpoint);
  return `[default]
access_key = ${accessKeyId}
secret_key = ${secretAccessKey}
host_base = ${host}
host_bucket = ${host}
bucket_location = ${region}
use_https = ${protocol === "https:" ? "True" : "False"}
acl_public = False`;
}
