import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { AccessKeyGrant, EngineGrant } from "../driver.ts";
import { checkedBucket } from "./names.ts";

export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: PolicyStatement[];
}

interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource?: string[];
  NotResource?: string[];
  Condition?: { DateGreaterThan: { "aws:CurrentTime": string } };
}

/**
 * The owner's policy. Owning the bucket is not enough: an object that another user of the tenant wrote belongs
 * to that user, and the owner could not read it.
 */
export const OWNER_POLICY: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Everything", Effect: "Allow", Action: ["s3:*"], Resource: ["*"] }],
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

const LIST_UPLOADS = "s3:ListBucketMultipartUploads";

/**
 * The policy of an access key: objects and listings of its buckets, nothing that makes, removes or configures a
 * bucket. What no policy allows is refused, except that an object's writer may still read it at the gateway; what
 * must be refused even then is denied expressly: ACLs and, for a key that was narrowed after it wrote, everything
 * outside its buckets. (Deny with NotResource is evaluated by 16.2.15, Deny with NotAction is not.)
 *
 * The resources name no tenant: the gateway reads them within the user's own, and refuses any other.
 *
 * @param key its `expiresAt` must be absent where the engine does not evaluate conditions
 */
export function accessKeyPolicy(
  key: Pick<AccessKeyGrant, "permission" | "buckets" | "expiresAt">,
): PolicyDocument {
  const expiry = key.expiresAt ? [expiryStatement(key.expiresAt)] : [];
  return { Version: "2012-10-17", Statement: [...grantStatements(key), ...expiry] };
}

function grantStatements({
  permission,
  buckets,
}: Pick<AccessKeyGrant, "permission" | "buckets">): PolicyStatement[] {
  const names = buckets === "all" ? ["*"] : buckets.map(checkedBucket);
  const writes = permission === "read_write";
  if (names.length === 0) {
    // The name keeps the permission, which nothing else here says.
    const sid = writes ? "NothingToReadOrWrite" : "NothingToRead";
    return [{ Sid: sid, Effect: "Deny", Action: ["s3:*"], Resource: ["*"] }];
  }

  const bucketArns = names.map((name) => `arn:aws:s3:::${name}`);
  const objectArns = names.map((name) => `arn:aws:s3:::${name}/*`);
  return [
    {
      Sid: "OwnBucketList",
      Effect: "Allow",
      Action: ["s3:ListAllMyBuckets"],
      Resource: ["arn:aws:s3:::*"],
    },
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: writes ? [...READ_BUCKETS, LIST_UPLOADS] : READ_BUCKETS,
      Resource: bucketArns,
    },
    {
      Sid: "Objects",
      Effect: "Allow",
      Action: writes ? [...READ_OBJECTS, ...WRITE_OBJECTS] : READ_OBJECTS,
      Resource: objectArns,
    },
    {
      Sid: "Never",
      Effect: "Deny",
      Action: writes ? OBJECT_ACLS : [...OBJECT_ACLS, ...WRITE_OBJECTS],
      Resource: ["*"],
    },
    ...(buckets === "all"
      ? []
      : [
          {
            Sid: "Elsewhere",
            Effect: "Deny" as const,
            Action: [...READ_BUCKETS, LIST_UPLOADS, ...READ_OBJECTS, ...WRITE_OBJECTS],
            NotResource: [...bucketArns, ...objectArns],
          },
        ]),
  ];
}

function expiryStatement(expiresAt: Date): PolicyStatement {
  return {
    Sid: "Expired",
    Effect: "Deny",
    Action: ["s3:*"],
    Resource: ["*"],
    Condition: { DateGreaterThan: { "aws:CurrentTime": expiresAt.toISOString() } },
  };
}

const storedPolicy = z.object({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.looseObject({
      Sid: z.string(),
      Resource: z.array(z.string()).optional(),
      Condition: z
        .looseObject({ DateGreaterThan: z.looseObject({ "aws:CurrentTime": z.string() }) })
        .optional(),
    }),
  ),
});

/** What a policy as an engine keeps it says, if it is one of {@link accessKeyPolicy}; `unknown` for any other, and for none. */
export function grantOf(document: string | undefined): EngineGrant {
  const policy = parsePolicy(document);
  if (!policy) return "unknown";
  const statement = (sid: string) => policy.Statement.find(({ Sid }) => Sid === sid);
  const names = statement("Buckets")?.Resource?.map((arn) => arn.replace("arn:aws:s3:::", ""));
  const buckets = names?.[0] === "*" ? ("all" as const) : (names ?? []);
  const expiry = statement("Expired")?.Condition?.DateGreaterThan["aws:CurrentTime"];
  const expiresAt = expiry === undefined ? null : new Date(expiry);
  for (const permission of ["read", "read_write"] as const) {
    // Rebuilt and compared as a whole: a statement of somebody's own under one of our names is found out.
    if (isPolicyOf(policy, { permission, buckets, expiresAt })) return { permission, buckets, expiresAt };
  }
  return "unknown";
}

export function isOwnerPolicy(document: string | undefined): boolean {
  return isDeepStrictEqual(parsePolicy(document), OWNER_POLICY);
}

function isPolicyOf(policy: unknown, grant: Omit<AccessKeyGrant, "user">): boolean {
  try {
    return isDeepStrictEqual(policy, accessKeyPolicy(grant));
  } catch (error) {
    // Somebody's own policy, with a wildcard or a path where ours have a bucket's name, or no date in the expiry.
    if (error instanceof TypeError || error instanceof RangeError) return false;
    throw error;
  }
}

function parsePolicy(document: string | undefined): z.infer<typeof storedPolicy> | undefined {
  try {
    return storedPolicy.safeParse(JSON.parse(document ?? "")).data;
  } catch {
    return undefined;
  }
}
