import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { deleteBucket } from "#app/domain/buckets/delete-bucket.ts";
import { findBucketSize, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { confirmDeletionInput } from "#app/domain/buckets/schema.ts";
import { findEmptying } from "#app/domain/emptying/read-emptyings.ts";
import { isUnderWay } from "#app/domain/emptying/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/deletion";
import { FullBucket } from "./full-bucket.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:delete");
    const id = uuidOr404(args.params.bucket);
    const { name, state } = await getBucket(context, id);
    const [size, emptying] = await Promise.all([
      state === "active" ? findBucketSize(context, name) : null,
      findEmptying(context, id),
    ]);
    // Where the engine does not say, it may be empty: it decides.
    const content = size?.isCurrent && size.objectCount > 0n ? size : null;
    return {
      name,
      content,
      isBeingEmptied: emptying !== null && isUnderWay(emptying.state),
      form: formOf(confirmDeletionInput),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const bucket = href("/accounts/:account/buckets/:bucket", args.params);
  return submitWith(
    args,
    (context, { name = "" }) => deleteBucket(context, { bucketId: uuidOr404(args.params.bucket), name }),
    // The bucket's own page tells how far it is.
    () => redirect(bucket),
  );
}

export default function DeleteBucket({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, content, isBeingEmptied } = loaderData;
  const title = t("buckets.deletion.title", { bucket: name });
  const breadcrumbs = [
    { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
    { label: name, to: href("/accounts/:account/buckets/:bucket", params) },
  ];
  if (content || isBeingEmptied) {
    return (
      <div className="max-w-xl">
        <PageHeader title={title} breadcrumbs={breadcrumbs} />
        <FullBucket content={content} isBeingEmptied={isBeingEmptied} params={params} />
      </div>
    );
  }
  return (
    <FormPage title={title} intro={t("buckets.deletion.intro")} breadcrumbs={breadcrumbs} form={form}>
      <TextField
        field={fields.name}
        label={t("buckets.deletion.confirm")}
        hint={t("buckets.deletion.confirmHint", { bucket: name })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <SubmitButton variant="danger">{t("buckets.deletion.submit")}</SubmitButton>
    </FormPage>
  );
}
