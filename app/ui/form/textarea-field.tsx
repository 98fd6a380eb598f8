import { controlProps, Field, type FieldProps } from "./field.tsx";

export interface TextareaFieldProps extends FieldProps {
  rows?: number;
  /** For code and the like: fixed-width letters, no spelling marks. */
  code?: boolean;
}

/** Several lines of text. */
export function TextareaField({ field, label, hint, rows = 4, code = false }: TextareaFieldProps) {
  return (
    <Field field={field} label={label} hint={hint}>
      <textarea
        {...controlProps(field, hint)}
        rows={rows}
        spellCheck={code ? false : undefined}
        defaultValue={field.defaultValue}
        className={`control w-full ${code ? "font-mono text-sm" : ""}`}
      />
    </Field>
  );
}
