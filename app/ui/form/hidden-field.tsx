import type { FormField } from "./field.tsx";

/** A value that rides along. The person can change it, so the server trusts it no more than others. */
export function HiddenField({ field, value }: { field: FormField; value?: string }) {
  return <input type="hidden" name={field.name} defaultValue={value ?? field.defaultValue} />;
}
