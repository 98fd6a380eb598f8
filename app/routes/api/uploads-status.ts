import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readParts } from "#app/domain/uploads/direct/open-upload.ts";
import { byMethod, postedJson, respond } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/uploads-status";

/** Nothing to read; a bucket that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await getBucket(context, uuidOr404(args.params.bucket));
    throw new DomainError("method-not-allowed");
  });
}

/** The parts that the engine has of an open upload; 404 for one that is not open any more. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () =>
      respond(args, (context) =>
        readParts(context, { ...postedJson(args.context), bucketId: uuidOr404(args.params.bucket) }),
      ),
  });
}
