import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { data, href, Link } from "react-router";
import { readUploadPage } from "#app/domain/uploads/read-upload-page.ts";
import { uploadForm } from "#app/domain/uploads/schema.ts";
import { uploadFiles } from "#app/domain/uploads/upload-files.ts";
import { uploadContext } from "#app/http/context.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, postedForm, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { shownReport, statusOfReport } from "#app/http/upload-report.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField } from "#app/ui/form/choice-fields.tsx";
import { FileField } from "#app/ui/form/file-field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { displayKey, objectsHref, uploadHref } from "#app/ui/objects/object-address.ts";
import { UploadFailures } from "#app/ui/uploads/upload-failures.tsx";
import { useHydrated } from "#app/ui/use-hydrated.ts";
import type { Route } from "./+types/upload";

/** A script of its own: it does nothing without JavaScript, and most buckets do not use it. */
const DirectUploads = lazy(() => import("#app/ui/uploads/direct/direct-uploads.tsx"));

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await readUploadPage(context, uuidOr404(args.params.bucket));
    const prefix = args.url.searchParams.get("prefix") ?? "";
    return { ...page, prefix, form: formOf(uploadForm, { prefix }) };
  });
}

/** The body is read while it arrives; see app/http/upload-body.server.ts. */
export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const bucketId = uuidOr404(args.params.bucket);
  let prefix = args.url.searchParams.get("prefix") ?? "";
  return submitWith(
    args,
    async (context, input) => {
      // One that a line of text can hold is typed, and may have been emptied.
      if ((await postedForm(args)).has("prefix"))
        prefix = typeof input.prefix === "string" ? input.prefix : "";
      const upload = args.context.get(uploadContext);
      const report = await uploadFiles(context, bucketId, { ...input, prefix }, upload?.files() ?? nothing());
      return upload?.hasMore() ? { ...report, isComplete: false } : report;
    },
    async (report) => {
      const stored = report.outcomes.filter(({ refusal }) => !refusal);
      if (stored.length === report.outcomes.length && report.isComplete) {
        const text = t("uploads.done", { count: stored.length });
        return redirectWithFlash(objectsHref(args.params, { prefix }), text);
      }
      const status = statusOfReport(report, args.context);
      return data({ prefix, report: shownReport(report, args.context) }, { status });
    },
  );
}

async function* nothing() {}

export default function Upload({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucketName, prefix, form: setup, canKeepExisting, direct, canAllowDirect } = loaderData;
  const report = actionData && "report" in actionData ? actionData : undefined;
  const refused = actionData && "result" in actionData ? actionData : undefined;
  const typed = report ? { ...setup, defaultValue: { prefix: report.prefix } } : setup;
  const [form, fields] = useAppForm(typed, refused);
  const isHydrated = useHydrated();
  const bucket = href("/accounts/:account/buckets/:bucket", params);
  return (
    <>
      {report && <UploadFailures report={report.report} />}
      <FormPage
        title={t("uploads.title", { bucket: bucketName })}
        intro={t("uploads.intro")}
        breadcrumbs={[
          { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
          { label: bucketName, to: bucket },
          { label: t("objects.title"), to: objectsHref(params, { prefix }) },
        ]}
        form={form}
        action={uploadHref(params, { prefix })}
        encType="multipart/form-data"
        // The browser's own way to send: what it tells of the progress, and no copy of the files in memory.
        reloadDocument
        footer={canAllowDirect && <DirectUploadsLink to={`${bucket}/direct-uploads`} />}
      >
        {/[\r\n]/.test(prefix) ? (
          <p>
            {t("uploads.into")} <bdi className="font-semibold break-words">{displayKey(prefix)}</bdi>
          </p>
        ) : (
          <TextField
            field={fields.prefix}
            label={t("uploads.prefix")}
            hint={t("uploads.prefixHint")}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        {canKeepExisting && (
          <CheckboxField
            field={fields.keepExisting}
            label={t("uploads.keepExisting")}
            hint={t("uploads.keepExistingHint")}
          />
        )}
        <FileField
          field={{ ...form.field("files"), required: true }}
          label={t("uploads.files")}
          hint={t(canKeepExisting ? "uploads.filesHint" : "uploads.filesReplace")}
          multiple
        />
        <SubmitButton>{t("uploads.submit")}</SubmitButton>
      </FormPage>
      {direct && isHydrated && (
        <Suspense>
          <DirectUploads
            key={direct.api}
            {...direct}
            formId={form.id}
            bucketId={params.bucket}
            prefix={prefix}
            objectsHref={objectsHref(params, { prefix })}
          />
        </Suspense>
      )}
    </>
  );
}

function DirectUploadsLink({ to }: { to: string }) {
  const { t } = useTranslation();
  return (
    <p className="text-sm">
      {t("uploads.direct.gain")} <Link to={to}>{t("uploads.direct.allow")}</Link>
    </p>
  );
}
