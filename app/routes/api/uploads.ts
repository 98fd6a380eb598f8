import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { DomainError } from "#app/domain/errors.ts";
import { beginUpload } from "#app/domain/uploads/direct/begin-upload.ts";
import { byMethod, respond, respondTo } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/uploads";

/** Nothing to read; a bucket that is not there is said to be that first. */
export function loader(args: Route.LoaderArgs) {
  return respond(args, async (context) => {
    await getBucket(context, uuidOr404(args.params.bucket));
    throw new DomainError("method-not-allowed");
  });
}

/** Begins an upload of `key`, `sizeBytes` and `contentType`: answers `uploadId` and `partSizeBytes`. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, {
    post: () => respondTo(args, beginUpload, { status: 201 }, { bucketId: uuidOr404(args.params.bucket) }),
  });
}
