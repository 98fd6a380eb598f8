import { createAccessKey } from "#app/domain/access-keys/create-access-key.ts";
import { listAccessKeys } from "#app/domain/access-keys/read-access-keys.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/access-keys";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const { accessKeys, next } = await listAccessKeys(context, Object.fromEntries(args.url.searchParams));
    return { accessKeys, next };
  });
}

/** The only answer that holds the secret. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, createAccessKey, { status: 201 }) });
}
