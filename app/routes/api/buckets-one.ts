import { deleteBucket } from "#app/domain/buckets/delete-bucket.ts";
import { findBucketSize, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { byMethod, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/buckets-one";

export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    const bucket = await getBucket(context, uuidOr404(args.params.bucket));
    const size = bucket.state === "active" ? await findBucketSize(context, bucket.name) : null;
    return { ...bucket, size };
  });
}

/** 202: it is gone once reading it answers 404. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    delete: () =>
      respond(
        args,
        async (context) => {
          const { id, name, state } = await deleteBucket(context, {
            bucketId: uuidOr404(args.params.bucket),
          });
          return { id, name, state };
        },
        { status: 202 },
      ),
  });
}
