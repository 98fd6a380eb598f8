import { expect, test } from "vitest";
import { accessKeyPolicy, type PolicyDocument } from "./policies.ts";

const ADMINISTRATION = /^s3:(Create|Delete|Put|Get|List)?(Bucket|Lifecycle|Encryption|Replication|\*)/;
const ALLOWED_ON_BUCKETS = [
  "s3:GetBucketLocation",
  "s3:ListAllMyBuckets",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
];

test.each(["read", "read_write"] as const)("a %s key administers no bucket", (permission) => {
  const policy = accessKeyPolicy({ permission, buckets: "all" });
  for (const action of allowed(policy)) {
    expect(action).not.toContain("*");
    expect(action).not.toMatch(/Acl|Policy|Retention|LegalHold|Bypass/);
    if (!ALLOWED_ON_BUCKETS.includes(action)) expect(action).not.toMatch(ADMINISTRATION);
  }
});

test("a read key changes nothing", () => {
  const policy = accessKeyPolicy({ permission: "read", buckets: ["photos"] });
  for (const action of allowed(policy)) expect(action).toMatch(/^s3:(Get|List)/);
});

test("resources are the buckets named, and what is in them", () => {
  const policy = accessKeyPolicy({ permission: "read_write", buckets: ["photos", "a.b-c"] });
  expect(policy.Statement.slice(1, 3).map((statement) => statement.Resource)).toEqual([
    ["arn:aws:s3:::photos", "arn:aws:s3:::a.b-c"],
    ["arn:aws:s3:::photos/*", "arn:aws:s3:::a.b-c/*"],
  ]);
});

test("a key for no bucket is denied everything", () => {
  const policy = accessKeyPolicy({ permission: "read", buckets: [] });
  expect(policy.Statement).toEqual([{ Sid: "Nothing", Effect: "Deny", Action: ["s3:*"], Resource: ["*"] }]);
});

test.each(["read", "read_write"] as const)(
  "a %s key is denied ACLs, its own objects' included",
  (permission) => {
    const denied = accessKeyPolicy({ permission, buckets: "all" }).Statement.filter(
      (statement) => statement.Effect === "Deny",
    );
    expect(denied.flatMap((statement) => statement.Resource)).toEqual(["*"]);
    expect(denied.flatMap((statement) => statement.Action)).toContain("s3:PutObjectAcl");
  },
);

test.each(["*", "photos*", "a/b", "$" + "{aws:username}", "arn:aws:s3:::x", "?ab", "", "ab"])(
  "%s is no bucket to grant",
  (bucket) => {
    expect(() => accessKeyPolicy({ permission: "read", buckets: ["photos", bucket] })).toThrow(TypeError);
  },
);

function allowed(policy: PolicyDocument): string[] {
  return policy.Statement.filter((statement) => statement.Effect === "Allow").flatMap(
    (statement) => statement.Action,
  );
}
