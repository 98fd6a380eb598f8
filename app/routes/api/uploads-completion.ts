import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { DomainError } from "#app/domain/errors.ts";
import { completeUpload } from "#app/domain/uploads/direct/complete-upload.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/uploads-completion";

/** Nothing to read; a bucket that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await getBucket(context, uuidOr404(args.params.bucket));
    throw new DomainError("method-not-allowed");
  });
}

/** Makes the object of its parts. 409 `upload-incomplete` where some are missing. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () => respondTo(args, completeUpload, {}, { bucketId: uuidOr404(args.params.bucket) }),
  });
}
