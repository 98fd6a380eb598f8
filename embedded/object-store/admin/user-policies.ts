import { S3Error } from "../errors.ts";
import { parsePolicy } from "../policy.ts";
import type { Store } from "../store.ts";
import type { XmlElements } from "../xml.ts";
import type { AdminParameters } from "./parameters.ts";

/**
 * Action=PutUserPolicy: stores or replaces one named policy of a user.
 *
 * @throws S3Error MalformedPolicyDocument for anything that would not be evaluated as it says; NoSuchEntity
 */
export async function putUserPolicy(store: Store, parameters: AdminParameters): Promise<undefined> {
  const document = parameters.required("PolicyDocument");
  parsePolicy(document);
  await store.database.query(
    `insert into s3.user_policies (user_id, name, document) values ($1, $2, $3)
     on conflict (user_id, name) do update set document = excluded.document`,
    [await findUserId(store, parameters), readPolicyName(parameters), document],
  );
}

/** Action=GetUserPolicy. The document comes back as it was stored. */
export async function getUserPolicy(store: Store, parameters: AdminParameters): Promise<XmlElements> {
  const name = readPolicyName(parameters);
  const { rows } = await store.database.query<{ document: string }>(
    "select document from s3.user_policies where user_id = $1 and name = $2",
    [await findUserId(store, parameters), name],
  );
  if (!rows[0]) throw new S3Error("NoSuchEntity", "The user has no policy of this name.");
  return { PolicyName: name, UserName: parameters.required("UserName"), PolicyDocument: rows[0].document };
}

/** Action=ListUserPolicies: names, sorted. */
export async function listUserPolicies(store: Store, parameters: AdminParameters): Promise<XmlElements> {
  const { rows } = await store.database.query<{ name: string }>(
    "select name from s3.user_policies where user_id = $1 order by name",
    [await findUserId(store, parameters)],
  );
  return { PolicyNames: { member: rows.map(({ name }) => name) }, IsTruncated: false };
}

/** Action=DeleteUserPolicy. */
export async function deleteUserPolicy(store: Store, parameters: AdminParameters): Promise<undefined> {
  const { rowCount } = await store.database.query(
    "delete from s3.user_policies where user_id = $1 and name = $2",
    [await findUserId(store, parameters), readPolicyName(parameters)],
  );
  if (rowCount === 0) throw new S3Error("NoSuchEntity", "The user has no policy of this name.");
}

async function findUserId(store: Store, parameters: AdminParameters): Promise<number> {
  const { rows } = await store.database.query<{ id: number }>("select id from s3.users where uid = $1", [
    parameters.required("UserName"),
  ]);
  if (!rows[0]) throw new S3Error("NoSuchEntity", "The user does not exist.");
  return rows[0].id;
}

function readPolicyName(parameters: AdminParameters): string {
  const name = parameters.required("PolicyName");
  if (!/^[\w+=,.@-]{1,128}$/.test(name)) throw new S3Error("InvalidArgument", "Bad PolicyName.");
  return name;
}
