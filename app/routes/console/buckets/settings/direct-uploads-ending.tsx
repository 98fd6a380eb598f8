import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { endDirectUploads } from "#app/domain/bucket-settings/direct-uploads.ts";
import { directUploadsInput } from "#app/domain/bucket-settings/schema.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/direct-uploads-ending";
import { settingBreadcrumbs } from "./setting-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-cors");
    const { name } = await getBucket(context, uuidOr404(args.params.bucket));
    return { name, form: formOf(directUploadsInput.omit({ bucketId: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => endDirectUploads(context, { bucketId: uuidOr404(args.params.bucket) }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/settings", args.params),
        t("bucketSettings.directUploads.ended"),
      ),
  );
}

export default function EndDirectUploads({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("bucketSettings.directUploads.endTitle", { bucket: loaderData.name })}
      intro={t("bucketSettings.directUploads.endIntro")}
      breadcrumbs={settingBreadcrumbs(t, params, loaderData.name)}
      form={form}
    >
      <SubmitButton>{t("bucketSettings.directUploads.endSubmit")}</SubmitButton>
    </FormPage>
  );
}
