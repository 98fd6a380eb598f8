import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { createBucket } from "#app/domain/buckets/create-bucket.ts";
import { createBucketInput } from "#app/domain/buckets/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/new";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:create");
    return { form: formOf(createBucketInput) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, createBucket, ({ id, name }) =>
    redirectWithFlash(
      href("/accounts/:account/buckets/:bucket", { ...args.params, bucket: id }),
      t("buckets.new.done", { bucket: name }),
    ),
  );
}

export default function NewBucket({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("buckets.new.title")}
      intro={t("buckets.new.intro")}
      breadcrumbs={[{ label: t("buckets.title"), to: href("/accounts/:account/buckets", params) }]}
      form={form}
    >
      <TextField
        field={fields.name}
        label={t("buckets.name")}
        hint={t("buckets.nameHint")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <SubmitButton>{t("buckets.new.submit")}</SubmitButton>
    </FormPage>
  );
}
