import type { ServiceOperation } from "../operation.ts";
import { evaluatePolicies } from "../policy.ts";
import { xmlDocument } from "../xml.ts";

/**
 * GET /: the caller's buckets; with s3:ListAllMyBuckets in a policy, all of its tenant's, since a key made for some
 * buckets owns none itself.
 */
export const listBuckets: ServiceOperation = {
  name: "ListBuckets",
  category: "list_buckets",
  scope: "service",

  async handle({ store, caller }) {
    const verdict = evaluatePolicies(caller.policies, "s3:ListAllMyBuckets", "arn:aws:s3:::*");
    const { rows } = await store.database.query<{ name: string; created_at: Date }>(
      "select name, created_at from s3.buckets where tenant = $1 and ($2 or owner_id = $3) order by name",
      [caller.tenant, verdict === "allow" && caller.tenant !== "", caller.id],
    );
    const buckets = rows.map((row) => ({ Name: row.name, CreationDate: row.created_at.toISOString() }));
    return {
      status: 200,
      body: xmlDocument("ListAllMyBucketsResult", {
        Owner: { ID: caller.uid, DisplayName: caller.displayName },
        Buckets: { Bucket: buckets },
      }),
    };
  },
};
