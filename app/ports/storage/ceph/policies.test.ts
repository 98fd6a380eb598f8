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
  for (const action of actions(policy)) {
    expect(action).not.toContain("*");
    expect(action).not.toMatch(/Acl|Policy|Retention|LegalHold|Bypass/);
    if (!ALLOWED_ON_BUCKETS.includes(action)) expect(action).not.toMatch(ADMINISTRATION);
  }
});

test("a read key changes nothing", () => {
  const policy = accessKeyPolicy({ permission: "read", buckets: ["photos"] });
  for (const action of actions(policy)) expect(action).toMatch(/^s3:(Get|List)/);
});

test("resources are the buckets named, and what is in them", () => {
  const policy = accessKeyPolicy({ permission: "read_write", buckets: ["photos", "a.b-c"] });
  expect(policy.Statement.slice(1).map((statement) => statement.Resource)).toEqual([
    ["arn:aws:s3:::photos", "arn:aws:s3:::a.b-c"],
    ["arn:aws:s3:::photos/*", "arn:aws:s3:::a.b-c/*"],
  ]);
});

test("a key for no bucket gets no statement without resources", () => {
  const policy = accessKeyPolicy({ permission: "read", buckets: [] });
  expect(policy.Statement.map((statement) => statement.Sid)).toEqual(["OwnBucketList"]);
});

test.each(["*", "photos*", "a/b", "$" + "{aws:username}", "arn:aws:s3:::x", "?ab", "", "ab"])(
  "%s is no bucket to grant",
  (bucket) => {
    expect(() => accessKeyPolicy({ permission: "read", buckets: ["photos", bucket] })).toThrow(TypeError);
  },
);

function actions(policy: PolicyDocument): string[] {
  return policy.Statement.flatMap((statement) => statement.Action);
}
