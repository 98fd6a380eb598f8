import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { allowDirectUploads, consoleOrigin, letsUsIn } from "#app/domain/bucket-settings/direct-uploads.ts";
import { readCors } from "#app/domain/bucket-settings/read-settings.ts";
import { directUploadsInput } from "#app/domain/bucket-settings/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/direct-uploads";
import { settingBreadcrumbs } from "./setting-breadcrumbs.ts";
import { SettingUnread } from "./setting-unread.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-cors");
    const { name, cors } = await readCors(context, uuidOr404(args.params.bucket));
    return {
      name,
      standing: cors.standing,
      isAllowed: cors.standing === "known" && letsUsIn(cors.value),
      origin: consoleOrigin,
      form: formOf(directUploadsInput.omit({ bucketId: true })),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => allowDirectUploads(context, { bucketId: uuidOr404(args.params.bucket) }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/settings", args.params),
        t("bucketSettings.directUploads.nowAllowed"),
      ),
  );
}

export default function DirectUploads({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm(loaderData.form, actionData);
  const { name, standing, isAllowed, origin } = loaderData;
  const title = t("bucketSettings.directUploads.page", { bucket: name });
  const breadcrumbs = settingBreadcrumbs(t, params, name);
  if (standing !== "known" && (standing === "unsupported" || !actionData))
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={standing} />;

  if (isAllowed)
    return (
      <div className="max-w-xl space-y-5">
        <PageHeader title={title} breadcrumbs={breadcrumbs} />
        <Notice tone="success" title={t("bucketSettings.directUploads.allowed")} />
        <p>{t("bucketSettings.directUploads.whatFor")}</p>
        <ButtonLink to={href("/accounts/:account/buckets/:bucket/direct-uploads/ending", params)}>
          {t("bucketSettings.directUploads.endLink")}
        </ButtonLink>
      </div>
    );

  return (
    <FormPage
      title={title}
      intro={t("bucketSettings.directUploads.whatFor")}
      breadcrumbs={breadcrumbs}
      form={form}
    >
      <p>{t("bucketSettings.directUploads.needsRule")}</p>
      <ul className="list-disc space-y-2 ps-5">
        <li>{t("bucketSettings.directUploads.letsIn", { origin })}</li>
        <li>{t("bucketSettings.directUploads.signed")}</li>
        <li>{t("bucketSettings.directUploads.others")}</li>
        <li>{t("bucketSettings.directUploads.first")}</li>
      </ul>
      <SubmitButton>{t("bucketSettings.directUploads.submit")}</SubmitButton>
    </FormPage>
  );
}
