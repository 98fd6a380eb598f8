import { useTranslation } from "react-i18next";
import type { FormField } from "./field.tsx";
import { TextField } from "./text-field.tsx";

/** Name and document of an account, wherever one is registered or corrected. */
export function AccountFields({ fields }: { fields: { accountName: FormField; document: FormField } }) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        field={fields.accountName}
        autoComplete="organization"
        label={t("accounts.name")}
        hint={t("accounts.nameHint")}
      />
      <TextField
        field={fields.document}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        width="medium"
        label={t("accounts.document")}
        hint={t("accounts.documentHint")}
      />
    </>
  );
}
