import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import type { ButtonVariant } from "#app/ui/form/button.tsx";
import type { FormField } from "#app/ui/form/field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextareaField } from "#app/ui/form/textarea-field.tsx";
import type { AppForm } from "#app/ui/form/use-app-form.ts";

export interface ReasonFormProps {
  title: string;
  /** What happens when the form is sent. */
  intro: ReactNode;
  user: { id: string; name: string };
  form: AppForm;
  reason: FormField;
  /** What the button says. */
  submit: string;
  variant?: ButtonVariant;
  /** Fields before the reason. */
  children?: ReactNode;
}

/** An operator does something to somebody's user and says why: the reason stands in the audit log. */
export function ReasonForm(props: ReasonFormProps) {
  const { title, intro, user, form, reason, submit, variant, children } = props;
  const { t } = useTranslation();
  return (
    <FormPage
      title={title}
      intro={intro}
      breadcrumbs={[
        { label: t("users.title"), to: "/admin/users" },
        { label: user.name, to: href("/admin/users/:user", { user: user.id }) },
      ]}
      form={form}
    >
      {children}
      <TextareaField field={reason} label={t("users.reason")} hint={t("users.reasonHint")} />
      <SubmitButton variant={variant}>{submit}</SubmitButton>
    </FormPage>
  );
}
