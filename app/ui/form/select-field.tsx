import { useTranslation } from "react-i18next";
import { controlProps, Field, type FieldProps } from "./field.tsx";
import { type ControlWidth, controlWidths } from "./text-field.tsx";

export interface SelectOption {
  value: string;
  label: string;
}

export interface SelectFieldProps extends FieldProps {
  options: SelectOption[];
  width?: ControlWidth;
}

/** One of a list. Without a value to begin with, nothing is chosen for the person. */
export function SelectField({ field, label, hint, options, width = "full" }: SelectFieldProps) {
  const { t } = useTranslation();
  const chosen = options.some((option) => option.value === field.defaultValue);
  return (
    <Field field={field} label={label} hint={hint}>
      <select
        {...controlProps(field, hint)}
        defaultValue={field.defaultValue}
        className={`control ${controlWidths[width]}`}
      >
        {(!chosen || !field.required) && <option value="">{t("common.form.choose")}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
