import type { FieldProps } from "../form/field.tsx";
import { TextField } from "../form/text-field.tsx";

/**
 * A code of the second factor: an app or a password manager fills it in. No `inputMode="numeric"`: a recovery code has
 * letters, and a keyboard without them would lock its bearer out.
 */
export function CodeField(props: FieldProps) {
  return (
    <TextField
      {...props}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      width="medium"
    />
  );
}
