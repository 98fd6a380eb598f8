import { href, redirect } from "react-router";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { retryBucket } from "#app/domain/buckets/retry-bucket.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/retry";

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const bucket = href("/accounts/:account/buckets/:bucket", args.params);
  return submitWith(
    args,
    (context) => retryBucket(context, { bucketId: uuidOr404(args.params.bucket) }),
    () => redirectWithFlash(bucket, t("buckets.retry.done")),
  );
}

/** The form stands on the bucket's page. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    await getBucket(context, uuidOr404(args.params.bucket));
    return redirect(href("/accounts/:account/buckets/:bucket", args.params));
  });
}

/** Makes it a page, so that what refuses the form shows a page too. */
export default function RetryBucket() {
  return null;
}
