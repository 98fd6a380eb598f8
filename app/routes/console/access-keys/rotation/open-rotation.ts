import { href, redirect } from "react-router";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { type Action, authorize } from "#app/domain/authorization.ts";
import type { Context } from "#app/domain/context.ts";
import { findRotation, type RotationOfKey } from "#app/domain/rotations/read-rotations.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";

/** The rotation of a key that can still be decided about; where there is none, the way to how things stand. */
export async function requireOpenRotation(
  context: Context,
  action: Action,
  params: { account: string; key: string },
): Promise<RotationOfKey> {
  authorize(context, action);
  const { id } = await getAccessKey(context, uuidOr404(params.key));
  const rotation = await findRotation(context, id);
  if (rotation?.isOpen && rotation.role === "old") return rotation;
  const page = rotation
    ? href("/accounts/:account/access-keys/:key/rotation", { ...params, key: rotation.oldKey.id })
    : href("/accounts/:account/access-keys/:key", params);
  throw redirect(page);
}
