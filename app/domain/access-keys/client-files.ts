import type { Connection } from "./client-settings.ts";

// What each client's file of settings says. All of them use path style, since bucket names need no entry in the DNS
// then. The values are ours, or an engine's: letters, digits and what addresses have.

// In us-east-1 `aws s3 presign` signs with version 2 unless told otherwise: s3v4.
// Clients from 2025 on add checksum trailers to uploads, which older Ceph gateways refuse (411): when_required.
export function awsCliFile({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
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
export function boto3File({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
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
export function rcloneFile({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
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
export function s3cmdFile({ endpoint, region, accessKeyId, secretAccessKey }: Connection): string {
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

/** restic has no file of settings: this one is read by the shell. `bucket` is where its repository is. */
export function resticFile(
  { endpoint, region, accessKeyId, secretAccessKey }: Connection,
  bucket: string,
): string {
  return `export AWS_ACCESS_KEY_ID='${accessKeyId}'
export AWS_SECRET_ACCESS_KEY='${secretAccessKey}'
export AWS_DEFAULT_REGION='${region}'
export RESTIC_REPOSITORY='s3:${endpoint}/${bucket}/restic'`;
}

// Without skip_* the provider asks Amazon's services who it is. Reads objects alone: keys create and configure no bucket.
export function terraformFile(
  { endpoint, region, accessKeyId, secretAccessKey }: Connection,
  bucket: string,
): string {
  return `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region     = "${region}"
  access_key = "${accessKeyId}"
  secret_key = "${secretAccessKey}"

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true

  endpoints {
    s3 = "${endpoint}"
  }
}

data "aws_s3_objects" "balde" {
  bucket   = "${bucket}"
  max_keys = 10
}

output "objects" {
  value = data.aws_s3_objects.balde.keys
}`;
}

/** For keeping Terraform's own state in a bucket, from version 1.6 on. */
export function terraformStateFile(
  { endpoint, region, accessKeyId, secretAccessKey }: Connection,
  bucket: string,
): string {
  return `terraform {
  backend "s3" {
    bucket     = "${bucket}"
    key        = "terraform.tfstate"
    region     = "${region}"
    access_key = "${accessKeyId}"
    secret_key = "${secretAccessKey}"

    endpoints = {
      s3 = "${endpoint}"
    }

    use_path_style              = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}`;
}

/** A connection profile: what a bookmark cannot say is that bucket names stand in the path. */
export function cyberduckFile({ endpoint, region }: Connection): string {
  const { protocol, hostname, port } = new URL(endpoint);
  const scheme = protocol.slice(0, -1);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>Protocol</key>
    <string>s3</string>
    <key>Vendor</key>
    <string>balde-${hostname}</string>
    <key>Description</key>
    <string>Balde (${hostname})</string>
    <key>Scheme</key>
    <string>${scheme}</string>
    <key>Default Hostname</key>
    <string>${hostname}</string>
    <key>Default Port</key>
    <string>${port || (scheme === "https" ? "443" : "80")}</string>
    <key>Hostname Configurable</key>
    <false/>
    <key>Port Configurable</key>
    <false/>
    <key>Username Configurable</key>
    <true/>
    <key>Region</key>
    <string>${region}</string>
    <key>Authorization</key>
    <string>AWS4HMACSHA256</string>
    <key>Properties</key>
    <dict>
      <key>s3.bucket.virtualhost.disable</key>
      <true/>
    </dict>
  </dict>
</plist>`;
}
