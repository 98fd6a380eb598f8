import { createBucket } from "#app/domain/buckets/create-bucket.ts";
import { listBuckets } from "#app/domain/buckets/read-buckets.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/buckets";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const { buckets, next } = await listBuckets(context, Object.fromEntries(args.url.searchParams));
    return { buckets, next };
  });
}

export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, createBucket, { status: 201 }) });
}
