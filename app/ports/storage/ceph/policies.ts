import type { AccessKeyGrant } from "../driver.ts";
import type { Call } from "./call.ts";
import { checkedBucket } from "./names.ts";
import { type EngineConfig, sendAdminRequest } from "./signed-request.ts";

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: Array<{ Sid: string; Effect: "Allow" | "Deny"; Action: string[]; Resource: string[] }>;
}

const POLICY_NAME = "balde";

/**
 * The owner's policy. Owning the bucket is not enough: an object that another user of the tenant wrote belongs
 * to that user, and the owner could not read it.
 */
export const OWNER_POLICY: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Everything", Effect: "Allow", Action: ["s3:*"], Resource: ["*"] }],
};

const NOTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Nothing", Effect: "Deny", Action: ["s3:*"], Resource: ["*"] }],
};

const READ_OBJECTS = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:GetObjectTagging",
  "s3:GetObjectVersionTagging",
];
const WRITE_OBJECTS = [
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
  "s3:PutObjectTagging",
  "s3:PutObjectVersionTagging",
  "s3:DeleteObjectTagging",
  "s3:DeleteObjectVersionTagging",
];
// An object's writer owns it at the gateway, which lets an owner do these whatever no policy forbids.
const OBJECT_ACLS = [
  "s3:GetObjectAcl",
  "s3:GetObjectVersionAcl",
  "s3:PutObjectAcl",
  "s3:PutObjectVersionAcl",
];
const READ_BUCKETS = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation"];

/**
 * The policy of an access key: objects and listings of its buckets, nothing that makes, removes or configures a
 * bucket. What no policy allows is refused, except that an object's writer may still read it; what must be
 * refused even then is denied expressly.
 *
 * The resources name no tenant: the gateway reads them within the user's own, and refuses any other.
 */
export function accessKeyPolicy(key: Pick<AccessKeyGrant, "permission" | "buckets">): PolicyDocument {
  const names = key.buckets === "all" ? ["*"] : key.buckets.map(checkedBucket);
  if (names.length === 0) return NOTHING;

  const writes = key.permission === "read_write";
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnBucketList",
        Effect: "Allow",
        Action: ["s3:ListAllMyBuckets"],
        Resource: ["arn:aws:s3:::*"],
      },
      {
        Sid: "Buckets",
        Effect: "Allow",
        Action: writes ? [...READ_BUCKETS, "s3:ListBucketMultipartUploads"] : READ_BUCKETS,
        Resource: names.map((name) => `arn:aws:s3:::${name}`),
      },
      {
        Sid: "Objects",
        Effect: "Allow",
        Action: writes ? [...READ_OBJECTS, ...WRITE_OBJECTS] : READ_OBJECTS,
        Resource: names.map((name) => `arn:aws:s3:::${name}/*`),
      },
      {
        Sid: "Never",
        Effect: "Deny",
        Action: writes ? OBJECT_ACLS : [...OBJECT_ACLS, ...WRITE_OBJECTS],
        Resource: ["*"],
      },
    ],
  };
}

/**
 * Gives a user its one policy, in place of the one it had. `not-found` without such a user.
 *
 * The gateway (16.2.15) forgets a user's policies with every other change of the user: of name, quota, keys or
 * suspension. So this comes last, after each of them, and not only when the policy is another.
 */
export async function putUserPolicy(
  config: EngineConfig,
  call: Call,
  uid: string,
  document: PolicyDocument,
): Promise<void> {
  await sendAdminRequest(config, call, {
    method: "POST",
    path: "/",
    service: "iam",
    form: {
      Action: "PutUserPolicy",
      Version: "2010-05-08",
      UserName: uid,
      PolicyName: POLICY_NAME,
      PolicyDocument: JSON.stringify(document),
    },
  });
}
