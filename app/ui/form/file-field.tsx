import { controlProps, Field, type FieldProps } from "./field.tsx";

/** Files from the person's device. A browser never fills it in again: what was chosen is chosen anew after a refusal. */
export function FileField({ field, label, hint, multiple = false }: FieldProps & { multiple?: boolean }) {
  return (
    <Field field={field} label={label} hint={hint}>
      <input
        {...controlProps(field, hint)}
        type="file"
        multiple={multiple}
        className="control w-full file:me-3 file:rounded-control file:border file:border-control file:bg-surface file:px-3 file:py-1 file:font-semibold file:text-ink"
      />
    </Field>
  );
}
