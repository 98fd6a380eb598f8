import { expect, test } from "vitest";
import { accessKeyPolicy, grantOf, isOwnerPolicy, OWNER_POLICY, type PolicyDocument } from "./policies.ts";

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
  for (const permission of ["read", "read_write"] as const) {
    const policy = accessKeyPolicy({ permission, buckets: [] });
    expect(policy.Statement).toMatchObject([{ Effect: "Deny", Action: ["s3:*"], Resource: ["*"] }]);
  }
});

test("a key for some buckets is denied all others, whatever it wrote there", () => {
  const elsewhere = accessKeyPolicy({ permission: "read_write", buckets: ["photos"] }).Statement.at(-1);
  expect(elsewhere).toMatchObject({
    Effect: "Deny",
    NotResource: ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"],
  });
  expect(elsewhere?.Action).toEqual(
    expect.arrayContaining(["s3:GetObject", "s3:ListBucket", "s3:PutObject"]),
  );
  // The list of its buckets is of none of them.
  expect(elsewhere?.Action).not.toContain("s3:ListAllMyBuckets");
});

test("a key that expires is denied everything from then on", () => {
  const expiresAt = new Date("2030-05-01T02:59:59.999Z");
  const policy = accessKeyPolicy({ permission: "read", buckets: "all", expiresAt });
  expect(policy.Statement.at(-1)).toEqual({
    Sid: "Expired",
    Effect: "Deny",
    Action: ["s3:*"],
    Resource: ["*"],
    Condition: { DateGreaterThan: { "aws:CurrentTime": "2030-05-01T02:59:59.999Z" } },
  });
});

test.each([
  { permission: "read", buckets: "all" },
  { permission: "read_write", buckets: "all" },
  { permission: "read", buckets: ["photos", "a.b-c"] },
  { permission: "read_write", buckets: ["photos"] },
  { permission: "read", buckets: [] },
  { permission: "read_write", buckets: [] },
] as const)("a policy is read back as its grant: $permission of $buckets", (grant) => {
  for (const expiresAt of [null, new Date()]) {
    const document = JSON.stringify(accessKeyPolicy({ ...grant, expiresAt }));
    expect(grantOf(document)).toEqual({ ...grant, expiresAt });
  }
});

test("any other policy says something unknown", () => {
  const widened = accessKeyPolicy({ permission: "read", buckets: ["photos"] });
  widened.Statement[2]?.Action.push("s3:PutObject");
  const open = accessKeyPolicy({ permission: "read", buckets: "all", expiresAt: new Date() });
  Object.assign(open.Statement.at(-1) ?? {}, { Effect: "Allow" });
  const dated = JSON.stringify(
    accessKeyPolicy({ permission: "read", buckets: "all", expiresAt: new Date(0) }),
  );
  const wildcard = JSON.stringify(accessKeyPolicy({ permission: "read", buckets: ["photos"] }));
  for (const document of [
    undefined,
    "",
    "{}",
    "not JSON",
    JSON.stringify(OWNER_POLICY),
    JSON.stringify(widened),
    // Where ours have the expiry.
    JSON.stringify(open),
    dated.replace("1970-01-01T00:00:00.000Z", "never"),
    dated.replace("1970-01-01T00:00:00.000Z", "1970-01-01"),
    wildcard.replaceAll("photos", "p*"),
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] }),
  ]) {
    expect(grantOf(document)).toBe("unknown");
  }
});

test("the owner's policy is known by its text", () => {
  expect(isOwnerPolicy(JSON.stringify(OWNER_POLICY))).toBe(true);
  for (const document of [
    undefined,
    "{}",
    JSON.stringify(accessKeyPolicy({ permission: "read", buckets: "all" })),
  ]) {
    expect(isOwnerPolicy(document)).toBe(false);
  }
});

test.each(["read", "read_write"] as const)(
  "a %s key is denied ACLs, its own objects' included",
  (permission) => {
    const denied = accessKeyPolicy({ permission, buckets: "all" }).Statement.filter(
      (statement) => statement.Effect === "Deny",
    );
    expect(denied.flatMap((statement) => statement.Resource ?? [])).toEqual(["*"]);
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
