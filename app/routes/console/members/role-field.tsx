import { useTranslation } from "react-i18next";
import { memberRoles } from "#app/domain/members/roles.ts";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import type { FormField } from "#app/ui/form/field.tsx";

/** The roles in an account, each with what it may do. */
export function RoleField({ field }: { field: FormField }) {
  const { t } = useTranslation();
  return (
    <RadioGroupField
      field={field}
      label={t("accounts.role")}
      options={memberRoles.map((role) => ({
        value: role,
        label: t(`accounts.roles.${role}`),
        hint: t(`members.roleHints.${role}`),
      }))}
    />
  );
}
