import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { deleteBucket } from "#app/domain/buckets/delete-bucket.ts";
import { findBucketSize, getBucket } from "#app/domain/buckets/read-buckets.ts";
import { confirmDeletionInput } from "#app/domain/buckets/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/deletion";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:delete");
    const { name, state } = await getBucket(context, uuidOr404(args.params.bucket));
    const size = state === "active" ? await findBucketSize(context, name) : null;
    const objectCount = size?.isCurrent ? Number(size.objectCount) : 0;
    return { name, objectCount, form: formOf(confirmDeletionInput) };
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
  const { name, objectCount } = loaderData;
  return (
    <FormPage
      title={t("buckets.deletion.title", { bucket: name })}
      intro={t("buckets.deletion.intro")}
      breadcrumbs={[
        { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
        { label: name, to: href("/accounts/:account/buckets/:bucket", params) },
      ]}
      form={form}
    >
      {objectCount > 0 && (
        <Notice tone="warning" title={t("buckets.deletion.notEmpty", { count: objectCount })}>
          {t("buckets.deletion.notEmptyAdvice")}
        </Notice>
      )}
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
