import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** What a control needs to know of its field; `useAppForm` makes it. */
export interface FormField {
  id: string;
  name: string;
  descriptionId: string;
  errorId: string;
  required?: boolean | undefined;
  min?: string | number | undefined;
  max?: string | number | undefined;
  step?: string | number | undefined;
  defaultValue: string;
  defaultOptions: string[];
  defaultChecked: boolean;
  errors: string[] | undefined;
  ariaInvalid: boolean | undefined;
}

/** What every field component takes. */
export interface FieldProps {
  field: FormField;
  label: ReactNode;
  /** Help that is always shown, between the label and the control. */
  hint?: ReactNode;
}

/** The attributes that tie a control to its name in the form, its hint and its error. */
export function controlProps(field: FormField, hint: ReactNode) {
  return {
    id: field.id,
    name: field.name,
    required: field.required,
    "aria-invalid": field.ariaInvalid,
    "aria-describedby": describedBy(field, hint),
  };
}

/** The ids of a field's hint and error, as far as it has them. */
export function describedBy(field: FormField, hint: ReactNode): string | undefined {
  return [hint && field.descriptionId, field.errors && field.errorId].filter(Boolean).join(" ") || undefined;
}

/** Label, hint and error around one control. */
export function Field({ field, label, hint, children }: FieldProps & { children: ReactNode }) {
  return (
    <FieldBox field={field}>
      <label htmlFor={field.id} className="block w-fit font-semibold">
        {label}
        <OptionalMark field={field} />
      </label>
      <FieldNotes field={field} hint={hint} />
      <div className="mt-1.5">{children}</div>
    </FieldBox>
  );
}

/** Several controls under one legend: radio buttons, check boxes. */
export function FieldGroup({ field, label, hint, children }: FieldProps & { children: ReactNode }) {
  return (
    <FieldBox field={field}>
      <fieldset aria-describedby={describedBy(field, hint)}>
        <legend className="font-semibold">
          {label}
          <OptionalMark field={field} />
        </legend>
        <FieldNotes field={field} hint={hint} />
        <div className="mt-1.5 space-y-1">{children}</div>
      </fieldset>
    </FieldBox>
  );
}

/** Draws a bar beside a field that has an error. */
export function FieldBox({ field, children }: { field: FormField; children: ReactNode }) {
  return <div className={field.errors ? "border-s-4 border-danger ps-3" : undefined}>{children}</div>;
}

/** A field's hint and error, under the ids that `aria-describedby` names. */
export function FieldNotes({ field, hint }: { field: FormField; hint: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      {hint && (
        <p id={field.descriptionId} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {field.errors && (
        <p id={field.errorId} className="text-sm font-semibold text-danger">
          <span className="sr-only">{t("common.form.error")} </span>
          {field.errors.join(" ")}
        </p>
      )}
    </>
  );
}

/** Most fields are required, so it is the others that are marked. */
function OptionalMark({ field }: { field: FormField }) {
  const { t } = useTranslation();
  if (field.required) return null;
  return <span className="font-normal text-muted"> {t("common.form.optional")}</span>;
}
