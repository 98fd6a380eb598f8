import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize, can } from "#app/domain/authorization.ts";
import { findBucketSize, findDeletedBucketName, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { emptyBucket } from "#app/domain/emptying/empty-bucket.ts";
import { findEmptying } from "#app/domain/emptying/read-emptyings.ts";
import { confirmEmptyingInput } from "#app/domain/emptying/schema.ts";
import { isUnderWay } from "#app/domain/emptying/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import type { Route } from "./+types/emptying";
import { EmptyingForm } from "./emptying-form.tsx";
import { EmptyingProgress } from "./emptying-progress.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const id = uuidOr404(args.params.bucket);
    const deleted = await findDeletedBucketName(context, id);
    // Whoever watched it being emptied, and then deleted, is told so where the buckets are.
    if (deleted !== null) {
      const t = translator(args.context);
      const list = href("/accounts/:account/buckets", args.params);
      throw await redirectWithFlash(list, t("buckets.deletion.deleted", { bucket: deleted }));
    }
    const [{ name }, emptying] = await Promise.all([getBucket(context, id), findEmptying(context, id)]);
    const canStop = can(context, "buckets:stop-emptying");
    if (emptying && isUnderWay(emptying.state)) return { name, underWay: emptying, canStop };
    // Whoever may not do it may see what came of it.
    if (!emptying || can(context, "buckets:empty")) authorize(context, "buckets:empty");
    const canEmpty = can(context, "buckets:empty");
    const size = canEmpty ? await findBucketSize(context, name) : null;
    const wantsDeletion = new URL(args.request.url).searchParams.has("deletesBucket");
    const form = formOf(confirmEmptyingInput, wantsDeletion ? { deletesBucket: "on" } : {});
    return { name, underWay: null, last: emptying, canEmpty, size, form };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, { name = "", ...input }) =>
      emptyBucket(context, { ...input, bucketId: uuidOr404(args.params.bucket), name }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/emptying", args.params),
        t("emptying.form.done"),
      ),
  );
}

export default function EmptyBucket({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { name, underWay } = loaderData;
  useRefreshWhile(underWay !== null);
  const breadcrumbs = [
    { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
    { label: name, to: href("/accounts/:account/buckets/:bucket", params) },
  ];
  if (underWay) {
    return (
      <EmptyingProgress
        name={name}
        emptying={underWay}
        canStop={loaderData.canStop}
        breadcrumbs={breadcrumbs}
        params={params}
      />
    );
  }
  return <EmptyingForm {...loaderData} refused={actionData} breadcrumbs={breadcrumbs} params={params} />;
}
