import type { Bucket } from "../access.ts";
import { S3Error } from "../errors.ts";
import type { BucketOperation, Reply } from "../operation.ts";
import { xmlDocument } from "../xml.ts";
import { requireVersion } from "./objects/require-version.ts";

/**
 * Access control lists: there is one, by which the bucket's owner may do everything and nobody else anything. It can
 * be read, and put again by its name, `private`. Who else may do what is said by the policies of users.
 */

const rules = { scope: "bucket", parameters: ["acl"] } satisfies Partial<BucketOperation>;
const objectRules = { scope: "bucket", parameters: ["acl", "versionId"] } satisfies Partial<BucketOperation>;

/** GET /bucket?acl */
export const getBucketAcl: BucketOperation = {
  ...rules,
  name: "GetBucketAcl",
  category: "get_acls",
  action: "s3:GetBucketAcl",
  handle: async ({ bucket }) => privateAcl(bucket),
};

/** PUT /bucket?acl */
export const putBucketAcl: BucketOperation = {
  ...rules,
  name: "PutBucketAcl",
  category: "put_acls",
  action: "s3:PutBucketAcl",
  headers: ["x-amz-acl"],

  async handle({ request }) {
    expectPrivate(request.headers);
    return { status: 200 };
  },
};

/** GET /bucket/key?acl */
export const getObjectAcl: BucketOperation = {
  ...objectRules,
  name: "GetObjectAcl",
  category: "get_acls",
  action: "s3:GetObjectAcl",
  versionAction: "s3:GetObjectVersionAcl",

  async handle(context) {
    await requireVersion(context);
    return privateAcl(context.bucket);
  },
};

/** PUT /bucket/key?acl */
export const putObjectAcl: BucketOperation = {
  ...objectRules,
  name: "PutObjectAcl",
  category: "put_acls",
  action: "s3:PutObjectAcl",
  versionAction: "s3:PutObjectVersionAcl",
  headers: ["x-amz-acl"],

  async handle(context) {
    expectPrivate(context.request.headers);
    await requireVersion(context);
    return { status: 200 };
  },
};

const OTHER_ACLS = [
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "log-delivery-write",
];

/** Reads `x-amz-acl`, wherever it may be given.
 *
 * @throws S3Error NotImplemented for a canned ACL that would let anyone else in, InvalidArgument for none */
export function readPrivateAcl(given: Map<string, string>): void {
  const acl = given.get("x-amz-acl") ?? "private";
  if (acl === "private" || acl === "bucket-owner-full-control") return;
  if (OTHER_ACLS.includes(acl)) {
    throw new S3Error("NotImplemented", "ACLs other than private are not implemented.");
  }
  throw new S3Error("InvalidArgument", undefined, {
    details: { ArgumentName: "x-amz-acl", ArgumentValue: acl },
  });
}

/** @throws S3Error NotImplemented for any other ACL, in a header or as a document; MissingSecurityHeader for none */
function expectPrivate(headers: Map<string, string>): void {
  readPrivateAcl(headers);
  if (headers.has("x-amz-acl")) return;
  if (headers.get("content-length") === "0") {
    throw new S3Error("MissingSecurityHeader", undefined, { details: { MissingHeaderName: "x-amz-acl" } });
  }
  throw new S3Error("NotImplemented", "ACLs are not implemented, but for the canned ACL private.");
}

function privateAcl({ ownerUid, ownerDisplayName }: Bucket): Reply {
  const owner = { ID: ownerUid, DisplayName: ownerDisplayName };
  const grantee = {
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@xsi:type": "CanonicalUser",
    ...owner,
  };
  return {
    status: 200,
    body: xmlDocument("AccessControlPolicy", {
      Owner: owner,
      AccessControlList: { Grant: { Grantee: grantee, Permission: "FULL_CONTROL" } },
    }),
  };
}
