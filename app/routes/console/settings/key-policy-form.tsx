import { useTranslation } from "react-i18next";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import type { FormField } from "#app/ui/form/field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import type { AppForm as AppFormState } from "#app/ui/form/use-app-form.ts";
import { Section } from "#app/ui/layout/section.tsx";

/** How old access keys may get: the owner's form for an account, and the operators' for all. */
export function KeyPolicyForm({ form, maxAgeDays }: { form: AppFormState; maxAgeDays: FormField }) {
  const { t } = useTranslation();
  return (
    <Section title={t("keySettings.policy.change")}>
      <AppForm form={form} className="max-w-xl space-y-5">
        <TextField
          field={maxAgeDays}
          label={t("keySettings.policy.maxAgeDays")}
          hint={t("keySettings.policy.maxAgeDaysHint")}
          type="number"
          inputMode="numeric"
          width="narrow"
        />
        <SubmitButton>{t("keySettings.policy.submit")}</SubmitButton>
      </AppForm>
    </Section>
  );
}
