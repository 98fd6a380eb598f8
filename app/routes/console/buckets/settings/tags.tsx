import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { fingerprintOf } from "#app/domain/bucket-settings/fingerprint.ts";
import { readTags } from "#app/domain/bucket-settings/read-settings.ts";
import { setTagsInput } from "#app/domain/bucket-settings/schema.ts";
import { setTags } from "#app/domain/bucket-settings/set-tags.ts";
import { MOST_TAGS } from "#app/domain/bucket-settings/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/tags";
import { settingBreadcrumbs } from "./setting-breadcrumbs.ts";
import { SettingUnread } from "./setting-unread.tsx";
import { TagRow } from "./tag-row.tsx";

/** Empty rows for new tags: without JavaScript a page has only those that it came with. */
const spareRows = 5;

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-tags");
    const { name, tags } = await readTags(context, uuidOr404(args.params.bucket));
    const present = tags.standing === "known" ? tags.value : [];
    const asked = Number(args.url.searchParams.get("rows")) || 0;
    return {
      name,
      standing: tags.standing,
      rows: Math.min(MOST_TAGS, Math.max(present.length + spareRows, Math.trunc(asked))),
      form: formOf(setTagsInput.pick({ fingerprint: true, tags: true }), {
        fingerprint: fingerprintOf(present),
        tags: present,
      }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => setTags(context, { ...input, bucketId: uuidOr404(args.params.bucket) }),
    (tags) =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/settings", args.params),
        tags.length === 0
          ? t("bucketSettings.tags.removed")
          : t("bucketSettings.tags.done", { count: tags.length }),
      ),
  );
}

export default function BucketTags({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, standing, rows } = loaderData;
  const title = t("bucketSettings.tags.page", { bucket: name });
  const breadcrumbs = settingBreadcrumbs(t, params, name);
  // What was typed is shown again, whatever the storage says meanwhile.
  if (standing !== "known" && !actionData)
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={standing} />;

  return (
    <FormPage
      title={title}
      intro={t("bucketSettings.tags.intro")}
      breadcrumbs={breadcrumbs}
      form={form}
      footer={
        rows < MOST_TAGS && (
          <p>
            <Link to={`?rows=${Math.min(MOST_TAGS, rows + 10)}`}>{t("bucketSettings.tags.moreRows")}</Link>{" "}
            <span className="text-sm text-muted">{t("bucketSettings.tags.moreRowsHint")}</span>
          </p>
        )
      }
    >
      <HiddenField field={fields.fingerprint} />
      <p id={fields.tags.id} tabIndex={-1} className="text-sm text-muted">
        {t("bucketSettings.tags.rules")}
      </p>
      <ol className="space-y-4">
        {Array.from({ length: rows }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the form.
          <TagRow key={index} form={form} index={index} />
        ))}
      </ol>
      <SubmitButton>{t("bucketSettings.tags.submit")}</SubmitButton>
    </FormPage>
  );
}
