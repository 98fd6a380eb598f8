import { findBucket } from "../../access.ts";
import { transaction } from "../../database.ts";
import { S3Error } from "../../errors.ts";
import type { Context, ServiceOperation } from "../../operation.ts";
import { evaluatePolicies } from "../../policy.ts";
import { childText, parseXml } from "../../xml.ts";
import { readPrivateAcl } from "../acl.ts";
import { isValidBucketName } from "./bucket-name.ts";

const MAX_DOCUMENT_BYTES = 64 * 1024;

/** PUT /bucket. The caller becomes its owner; a name is unique in its tenant. */
export const createBucket: ServiceOperation = {
  name: "CreateBucket",
  category: "create_bucket",
  scope: "service",
  headers: ["x-amz-acl", "x-amz-bucket-object-lock-enabled", "x-amz-object-ownership"],

  async handle(context) {
    const { request, caller } = context;
    const { bucket: name, headers } = request;
    if (!isValidBucketName(name))
      throw new S3Error("InvalidBucketName", undefined, { details: { BucketName: name } });
    readPrivateAcl(headers);
    if ((headers.get("x-amz-bucket-object-lock-enabled") ?? "false").toLowerCase() !== "false") {
      throw new S3Error("NotImplemented", "Object lock is not implemented.");
    }
    // The one kind of ownership there is here: the bucket's owner owns what is in it, and ACLs have no say.
    if ((headers.get("x-amz-object-ownership") ?? "BucketOwnerEnforced") !== "BucketOwnerEnforced") {
      throw new S3Error("NotImplemented", "Only the object ownership BucketOwnerEnforced is implemented.");
    }
    await readLocation(context);

    const resource = `arn:aws:s3:::${name}`;
    if (evaluatePolicies(caller.policies, "s3:CreateBucket", resource) === "deny" || caller.maxBuckets < 0) {
      throw new S3Error("AccessDenied");
    }
    await insertBucket(context, name);
    return { status: 200, headers: { location: `/${name}` } };
  },
};

async function readLocation({ store, body }: Context): Promise<void> {
  const document = await body.readAll(MAX_DOCUMENT_BYTES);
  if (document.length === 0) return;
  const configuration = parseXml(document, "CreateBucketConfiguration");
  const unknown = Object.keys(configuration).find(
    (name) => name !== "LocationConstraint" && name !== "#text",
  );
  if (unknown) throw new S3Error("NotImplemented", `${unknown} is not implemented for CreateBucket.`);
  const location = childText(configuration, "LocationConstraint") ?? "";
  if (location !== "" && location !== store.region) throw new S3Error("IllegalLocationConstraintException");
}

async function insertBucket({ store, caller }: Context, name: string): Promise<void> {
  await transaction(store.database, async (client) => {
    // The user's row is locked before its buckets are counted, or two requests at once both take the last place.
    await client.query("select from s3.users where id = $1 for no key update", [caller.id]);
    const existing = await findBucket(client, caller.tenant, name);
    // Creating one's own bucket again succeeds, as at Amazon's first region and in the Ceph Object Gateway.
    if (existing?.ownerId === caller.id) return;
    if (existing) throw new S3Error("BucketAlreadyExists");

    const { rows } = await client.query<{ owned: number }>(
      "select count(*) as owned from s3.buckets where owner_id = $1",
      [caller.id],
    );
    if (caller.maxBuckets > 0 && Number(rows[0]?.owned) >= caller.maxBuckets)
      throw new S3Error("TooManyBuckets");
    const { rowCount } = await client.query(
      "insert into s3.buckets (tenant, name, owner_id) values ($1, $2, $3) on conflict do nothing",
      [caller.tenant, name, caller.id],
    );
    // Another user of the tenant was faster: a lock on this user's row does not hold that one up.
    if (rowCount === 0) throw new S3Error("BucketAlreadyExists");
  });
}
