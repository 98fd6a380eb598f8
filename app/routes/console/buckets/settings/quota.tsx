import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { fingerprintOf } from "#app/domain/bucket-settings/fingerprint.ts";
import { splitAmount } from "#app/domain/bucket-settings/quota-amount.ts";
import { readBucketQuota } from "#app/domain/bucket-settings/read-settings.ts";
import { setQuotaInput } from "#app/domain/bucket-settings/schema.ts";
import { setQuota } from "#app/domain/bucket-settings/set-quota.ts";
import { quotaUnits } from "#app/domain/bucket-settings/states.ts";
import { readQuotas } from "#app/domain/quotas/read-quotas.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { localeOf, translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { SelectField } from "#app/ui/form/select-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { formatBytes, formatCount } from "#app/ui/format.ts";
import { useRootData } from "#app/ui/root-data.ts";
import type { Route } from "./+types/quota";
import { QuotaInUse } from "./quota-in-use.tsx";
import { settingBreadcrumbs } from "./setting-breadcrumbs.ts";
import { SettingUnread } from "./setting-unread.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-quota");
    const [{ quota, ...read }, limits] = await Promise.all([
      readBucketQuota(context, uuidOr404(args.params.bucket)),
      readQuotas(context),
    ]);
    const present = quota.standing === "known" ? quota.value : null;
    const size = present?.maxSizeBytes ? splitAmount(present.maxSizeBytes) : null;
    return {
      ...read,
      standing: quota.standing,
      account: limits.find(({ resource }) => resource === "storage_bytes") ?? null,
      form: formOf(setQuotaInput.omit({ bucketId: true }), {
        fingerprint: fingerprintOf(present),
        size: size?.amount,
        sizeUnit: size?.unit ?? "GiB",
        objects: present?.maxObjects ? String(present.maxObjects) : undefined,
      }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => setQuota(context, { ...input, bucketId: uuidOr404(args.params.bucket) }),
    ({ quota: { maxSizeBytes, maxObjects }, isRoundedUp }) => {
      const size = formatCount(maxSizeBytes ?? 0n, localeOf(args.context));
      const done =
        maxSizeBytes === null && maxObjects === null ? "removed" : isRoundedUp ? "rounded" : "done";
      return redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/settings", args.params),
        t(`bucketSettings.quota.flash.${done}`, { size }),
      );
    },
  );
}

export default function BucketQuota({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { locale } = useRootData();
  const { name, standing, size, stepBytes, isSoft, account } = loaderData;
  const title = t("bucketSettings.quota.page", { bucket: name });
  const breadcrumbs = settingBreadcrumbs(t, params, name);
  if (standing !== "known" && (standing === "unsupported" || !actionData))
    return <SettingUnread title={title} breadcrumbs={breadcrumbs} standing={standing} />;

  return (
    <FormPage title={title} intro={t("bucketSettings.quota.intro")} breadcrumbs={breadcrumbs} form={form}>
      <QuotaInUse size={size} account={account} isSoft={isSoft} />
      <HiddenField field={fields.fingerprint} />
      <TextField
        field={fields.size}
        label={t("bucketSettings.quota.size")}
        hint={t("bucketSettings.quota.sizeHint")}
        inputMode="decimal"
        autoComplete="off"
        width="medium"
      />
      <SelectField
        field={{ ...fields.sizeUnit, required: true }}
        label={t("bucketSettings.quota.unit")}
        hint={stepBytes && t("bucketSettings.quota.unitHint", { step: formatBytes(stepBytes, locale) })}
        options={quotaUnits.map((unit) => ({ value: unit, label: unit }))}
        width="narrow"
      />
      <TextField
        field={fields.objects}
        label={t("bucketSettings.quota.objects")}
        hint={t("bucketSettings.quota.objectsHint")}
        inputMode="numeric"
        autoComplete="off"
        width="medium"
      />
      {(fields.acceptsBelowUse.errors || fields.acceptsBelowUse.defaultChecked) && (
        <CheckboxField
          field={{ ...fields.acceptsBelowUse, required: false }}
          label={t("bucketSettings.quota.acceptsBelowUse")}
          hint={t("bucketSettings.quota.belowUseHint")}
        />
      )}
      <SubmitButton>{t("bucketSettings.quota.submit")}</SubmitButton>
    </FormPage>
  );
}
