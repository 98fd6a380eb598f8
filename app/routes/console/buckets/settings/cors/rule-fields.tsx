import { useTranslation } from "react-i18next";
import { corsMethods } from "#app/domain/bucket-settings/states.ts";
import { CheckboxGroupField } from "#app/ui/form/choice-fields.tsx";
import type { FormField } from "#app/ui/form/field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { TextareaField } from "#app/ui/form/textarea-field.tsx";

type Names = "name" | "origins" | "methods" | "headers" | "exposeHeaders" | "maxAgeSeconds";

/** What a new rule and a changed one ask for alike. */
export function RuleFields({ fields }: { fields: Record<Names, FormField> }) {
  const { t } = useTranslation();
  return (
    <>
      <TextareaField
        field={{ ...fields.origins, required: true }}
        label={t("bucketSettings.cors.origins")}
        hint={t("bucketSettings.cors.originsHint")}
        rows={3}
        code
      />
      <CheckboxGroupField
        field={{ ...fields.methods, required: true }}
        label={t("bucketSettings.cors.methods")}
        hint={t("bucketSettings.cors.methodsHint")}
        options={corsMethods.map((method) => ({ value: method, label: method }))}
      />
      <TextareaField
        field={fields.headers}
        label={t("bucketSettings.cors.headers")}
        hint={t("bucketSettings.cors.headersHint")}
        rows={2}
        code
      />
      <TextareaField
        field={fields.exposeHeaders}
        label={t("bucketSettings.cors.exposeHeaders")}
        hint={t("bucketSettings.cors.exposeHeadersHint")}
        rows={2}
        code
      />
      <TextField
        field={fields.maxAgeSeconds}
        label={t("bucketSettings.cors.maxAge")}
        hint={t("bucketSettings.cors.maxAgeHint")}
        inputMode="numeric"
        autoComplete="off"
        width="narrow"
      />
      <TextField
        field={fields.name}
        label={t("bucketSettings.cors.name")}
        hint={t("bucketSettings.cors.nameHint")}
        autoComplete="off"
      />
    </>
  );
}
