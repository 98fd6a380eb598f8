import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { StartChoices } from "#app/domain/rotations/read-choices.ts";
import type { StartRotationForm } from "#app/domain/rotations/schema.ts";
import { timeZone } from "#app/domain/time-zone.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { DateField } from "#app/ui/form/date-field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import type { FormSetup } from "#app/ui/form/setup.ts";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { formatZone } from "#app/ui/format.ts";
import { useRootData } from "#app/ui/root-data.ts";
import { KeyInShort, type ShortKey } from "../key-in-short.tsx";
import { OverlapFields } from "./overlap-fields.tsx";

export interface StartFormProps {
  form: FormSetup<StartRotationForm>;
  accessKey: ShortKey;
  choices: StartChoices;
  refusal: Parameters<typeof useAppForm>[1];
  params: { account: string; key: string };
}

/** Begins to replace a key: what it leads to, and for how long both are to work. */
export function StartForm({ form: setup, accessKey, choices, refusal, params }: StartFormProps) {
  const { t } = useTranslation();
  const { locale } = useRootData();
  const [form, fields] = useAppForm(setup, refusal);
  const { policy, bounds } = choices;
  const zone = { timeZone: formatZone(timeZone, locale) };
  return (
    <FormPage
      title={t("rotations.start.title", { key: accessKey.name })}
      intro={t("rotations.start.intro")}
      breadcrumbs={[
        { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
        { label: accessKey.name, to: href("/accounts/:account/access-keys/:key", params) },
      ]}
      form={form}
    >
      <HiddenField field={fields.requestId} />
      <KeyInShort accessKey={accessKey} />
      <TextField
        field={fields.name}
        label={t("rotations.start.name")}
        hint={t("rotations.start.nameHint")}
        autoComplete="off"
      />
      <OverlapFields fields={fields} bounds={bounds} kind="start" />
      <DateField
        field={{
          ...fields.expiresOn,
          min: policy.today,
          max: policy.latestDay ?? undefined,
          required: policy.latestDay !== null,
        }}
        label={t("rotations.start.expiresOn")}
        hint={
          <span suppressHydrationWarning>
            {policy.maxAgeDays === null
              ? t("accessKeys.expiresOnHint", zone)
              : t("keySettings.policy.expiresOnHint", { count: policy.maxAgeDays, ...zone })}
          </span>
        }
      />
      <p className="text-sm text-muted">{t("rotations.start.secretNext")}</p>
      <SubmitButton>{t("rotations.start.submit")}</SubmitButton>
    </FormPage>
  );
}
