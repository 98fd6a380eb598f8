import { S3Error } from "../../errors.ts";
import type { ServiceOperation } from "../../operation.ts";
import { evaluatePolicies } from "../../policy.ts";
import { xmlDocument } from "../../xml.ts";
import { readToken, writeToken } from "../listings/continuation-token.ts";

const MAX_BUCKETS = 10_000;

/**
 * GET /: the caller's buckets; with s3:ListAllMyBuckets in a policy, all of its tenant's, since a key made for some
 * buckets owns none itself. In pages of at most 10,000.
 */
export const listBuckets: ServiceOperation = {
  name: "ListBuckets",
  category: "list_buckets",
  scope: "service",
  parameters: ["bucket-region", "continuation-token", "max-buckets", "prefix"],

  async handle({ store, request: { query }, caller }) {
    const verdict = evaluatePolicies(caller.policies, "s3:ListAllMyBuckets", "arn:aws:s3:::*");
    if (verdict === "deny") throw new S3Error("AccessDenied");
    const limit = readMaxBuckets(query.get("max-buckets"));
    const prefix = query.get("prefix") ?? "";
    const token = query.get("continuation-token");
    const region = query.get("bucket-region") ?? store.region;

    const { rows } = await store.database.query<{ name: string; created_at: Date }>(
      `select name, created_at from s3.buckets
       where tenant = $1 and ($2 or owner_id = $3) and name > $4 and starts_with(name, $5) and $6
       order by name limit $7`,
      [
        caller.tenant,
        verdict === "allow" && caller.tenant !== "",
        caller.id,
        token === undefined ? "" : readToken(token),
        prefix,
        region === store.region,
        limit + 1,
      ],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      status: 200,
      body: xmlDocument("ListAllMyBucketsResult", {
        Owner: { ID: caller.uid, DisplayName: caller.displayName },
        Buckets: {
          Bucket: page.map((row) => ({
            Name: row.name,
            CreationDate: row.created_at.toISOString(),
            BucketRegion: store.region,
          })),
        },
        ContinuationToken: last && rows.length > limit ? writeToken(last.name) : undefined,
        Prefix: prefix === "" ? undefined : prefix,
      }),
    };
  },
};

function readMaxBuckets(given: string | undefined): number {
  if (given === undefined) return MAX_BUCKETS;
  const limit = /^\d{1,5}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > MAX_BUCKETS) {
    throw new S3Error("InvalidArgument", `max-buckets must be a number from 1 to ${MAX_BUCKETS}.`, {
      details: { ArgumentName: "max-buckets", ArgumentValue: given },
    });
  }
  return limit;
}
