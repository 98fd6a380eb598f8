import {
  awsCliFile,
  boto3File,
  cyberduckFile,
  rcloneFile,
  resticFile,
  s3cmdFile,
  terraformFile,
  terraformStateFile,
} from "./client-files.ts";

/** What a client needs to reach the storage with one key. */
export interface Connection {
  /** Public address of the engine, `https://s3.example.com`. */
  endpoint: string;
  region: string;
  accessKeyId: string;
  /** The secret, or a placeholder for it. */
  secretAccessKey: string;
  /** A bucket that the key reaches; null where there is none yet. */
  bucket: string | null;
}

export type ClientName =
  | "aws"
  | "boto3"
  | "rclone"
  | "s3cmd"
  | "restic"
  | "terraform"
  | "cyberduck"
  | "veeam";

export interface ClientFile {
  /** Where the client looks for it; a bare name is one in the directory that the commands are typed in. */
  path: string;
  /** What a browser saves it as. */
  name: string;
  /** Not needed to begin with. */
  isExtra?: true;
  code: string;
}

export interface ClientSettings {
  client: ClientName;
  /** The client's own name. */
  label: string;
  files: ClientFile[];
  /** What to type to see whether it works, a line each. */
  commands: string[];
  /** What to fill in, by the names that the client itself has for it. */
  fields: { name: string; value: string }[];
}

/**
 * Settings that work as they stand, per client. `placeholder` stands for a bucket where the key reaches none.
 *
 * Commands name a bucket where they can: a gateway lists only buckets of a key's own user, of which it has none.
 */
export function clientSettings(connection: Connection, placeholder: string): ClientSettings[] {
  const { endpoint, region, accessKeyId, secretAccessKey } = connection;
  const bucket = connection.bucket ?? placeholder;
  return [
    {
      client: "aws",
      label: "AWS CLI",
      files: [{ path: "~/.aws/config", name: "config", code: awsCliFile(connection) }],
      // Its versions before 2.13 do not read endpoint_url from the file.
      commands: [`aws --profile balde --endpoint-url ${endpoint} s3 ls s3://${bucket}`],
      fields: [],
    },
    {
      client: "boto3",
      label: "boto3",
      files: [{ path: "balde.py", name: "balde.py", code: boto3File(connection) }],
      commands: [
        `python3 -c 'from balde import s3; print(s3.list_objects_v2(Bucket="${bucket}")["KeyCount"])'`,
      ],
      fields: [],
    },
    {
      client: "rclone",
      label: "rclone",
      files: [{ path: "~/.config/rclone/rclone.conf", name: "rclone.conf", code: rcloneFile(connection) }],
      commands: [`rclone lsf balde:${bucket}`],
      fields: [],
    },
    {
      client: "s3cmd",
      label: "s3cmd",
      // Browsers save nothing under a name that begins with a dot.
      files: [{ path: "~/.s3cfg", name: "s3cfg", code: s3cmdFile(connection) }],
      commands: [`s3cmd ls s3://${bucket}`],
      fields: [],
    },
    {
      client: "restic",
      label: "restic",
      files: [{ path: "balde-restic.sh", name: "balde-restic.sh", code: resticFile(connection, bucket) }],
      commands: [". ./balde-restic.sh", "restic init", "restic snapshots"],
      fields: [],
    },
    {
      client: "terraform",
      label: "Terraform",
      files: [
        { path: "balde.tf", name: "balde.tf", code: terraformFile(connection, bucket) },
        {
          path: "backend.tf",
          name: "backend.tf",
          isExtra: true,
          code: terraformStateFile(connection, bucket),
        },
      ],
      commands: ["terraform init", "terraform plan"],
      fields: [],
    },
    {
      client: "cyberduck",
      label: "Cyberduck",
      files: [
        { path: "balde.cyberduckprofile", name: "balde.cyberduckprofile", code: cyberduckFile(connection) },
      ],
      commands: [],
      fields: [
        { name: "Access Key ID", value: accessKeyId },
        { name: "Secret Access Key", value: secretAccessKey },
      ],
    },
    {
      client: "veeam",
      label: "Veeam",
      files: [],
      commands: [],
      fields: [
        { name: "Service point", value: endpoint },
        { name: "Region", value: region },
        { name: "Access key", value: accessKeyId },
        { name: "Secret key", value: secretAccessKey },
        { name: "Bucket", value: bucket },
        { name: "Folder", value: "veeam" },
      ],
    },
  ];
}
