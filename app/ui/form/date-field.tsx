import { controlProps, Field, type FieldProps } from "./field.tsx";

/** A day. Where a browser has no picker, it is typed as year-month-day: say so in the hint. */
export function DateField({ field, label, hint }: FieldProps) {
  return (
    <Field field={field} label={label} hint={hint}>
      <input
        {...controlProps(field, hint)}
        type="date"
        min={field.min}
        max={field.max}
        defaultValue={field.defaultValue}
        className="control w-44"
      />
    </Field>
  );
}
