import type { Queryable } from "../database.ts";
import { S3Error } from "../errors.ts";
import type { AdminParameters } from "./parameters.ts";

/** @throws S3Error NoSuchUser */
export async function findUser(
  database: Queryable,
  parameters: AdminParameters,
): Promise<{ id: number; uid: string; is_admin: boolean }> {
  const { rows } = await database.query("select id, uid, is_admin from s3.users where uid = $1", [
    qualifiedUid(parameters),
  ]);
  if (!rows[0]) throw new S3Error("NoSuchUser");
  return rows[0];
}

/** The tenant may be a parameter of its own. */
export function qualifiedUid(parameters: AdminParameters): string {
  const uid = parameters.required("uid");
  const tenant = parameters.text("tenant");
  return tenant && !uid.includes("$") ? `${tenant}$${uid}` : uid;
}

/** Splits `tenant$name`, or `name` where there is no tenant. */
export function parseUid(uid: string): { tenant: string; name: string } {
  const dollar = uid.indexOf("$");
  const parsed =
    dollar < 0 ? { tenant: "", name: uid } : { tenant: uid.slice(0, dollar), name: uid.slice(dollar + 1) };
  if (!/^\w*$/.test(parsed.tenant) || !/^[^$\s]+$/.test(parsed.name)) {
    throw new S3Error(
      "InvalidArgument",
      "uid must be a name, or a tenant of letters, digits and _, $ and a name.",
    );
  }
  return parsed;
}
