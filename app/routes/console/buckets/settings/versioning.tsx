import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { readVersioning } from "#app/domain/bucket-settings/read-settings.ts";
import { setVersioningInput } from "#app/domain/bucket-settings/schema.ts";
import { setVersioning } from "#app/domain/bucket-settings/set-versioning.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/versioning";
import { settingBreadcrumbs } from "./setting-breadcrumbs.ts";
import { SettingUnread } from "./setting-unread.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-versioning");
    const form = formOf(setVersioningInput.omit({ bucketId: true }));
    return { ...(await readVersioning(context, uuidOr404(args.params.bucket))), form };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, { versioning }) =>
      setVersioning(context, { bucketId: uuidOr404(args.params.bucket), versioning }),
    (versioning) =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/settings", args.params),
        t(`bucketSettings.versioning.done.${versioning}`),
      ),
  );
}

export default function BucketVersioning({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, versioning } = loaderData;
  const title = t("bucketSettings.versioning.page", { bucket: name });
  const breadcrumbs = settingBreadcrumbs(t, params, name);
  if (versioning.standing !== "known")
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={versioning.standing} />;

  const state = versioning.value;
  const isOn = state === "enabled";
  return (
    <FormPage
      title={title}
      intro={t(`bucketSettings.versioning.intro.${state}`)}
      breadcrumbs={breadcrumbs}
      form={form}
    >
      <HiddenField field={fields.versioning} value={isOn ? "suspended" : "enabled"} />
      {state === "unset" && (
        <Notice tone="warning" title={t("bucketSettings.versioning.forGood")}>
          {t("bucketSettings.versioning.forGoodText")}
        </Notice>
      )}
      <ul className="list-disc space-y-2 ps-5">
        {isOn ? (
          <>
            <li>{t("bucketSettings.versioning.suspending.kept")}</li>
            <li>{t("bucketSettings.versioning.suspending.overwritten")}</li>
            <li>{t("bucketSettings.versioning.suspending.back")}</li>
          </>
        ) : (
          <>
            <li>{t("bucketSettings.versioning.enabling.kept")}</li>
            <li>{t("bucketSettings.versioning.enabling.deleted")}</li>
            <li>{t("bucketSettings.versioning.enabling.space")}</li>
          </>
        )}
      </ul>
      <p>
        {t("bucketSettings.versioning.advice")}{" "}
        <Link to={`${href("/accounts/:account/buckets/:bucket", params)}/lifecycle`}>
          {t("bucketSettings.lifecycle.link")}
        </Link>
      </p>
      <SubmitButton>
        {t(isOn ? "bucketSettings.versioning.suspend" : "bucketSettings.versioning.enable")}
      </SubmitButton>
    </FormPage>
  );
}
