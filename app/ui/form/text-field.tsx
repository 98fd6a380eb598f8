import type { ComponentProps, ReactNode } from "react";
import { controlProps, Field, type FieldProps } from "./field.tsx";

/** How wide a control is, as a hint at how much is expected in it. */
export type ControlWidth = "narrow" | "medium" | "wide" | "full";

export const controlWidths: Record<ControlWidth, string> = {
  narrow: "w-32",
  medium: "w-64",
  wide: "w-96",
  full: "w-full",
};

type InputProps = Pick<
  ComponentProps<"input">,
  "autoComplete" | "inputMode" | "spellCheck" | "autoCapitalize" | "list"
>;

export interface TextFieldProps extends FieldProps, InputProps {
  type?: "text" | "email" | "number" | "search" | "tel" | "url";
  /** A unit or a symbol before or after the input: `R$`, `GiB`. Say it in the label too. */
  prefix?: ReactNode;
  suffix?: ReactNode;
  width?: ControlWidth;
}

/**
 * One line of text.
 *
 * No `maxlength`: a browser cuts a pasted value without a word. The server says what is too long.
 */
export function TextField(props: TextFieldProps) {
  const { field, label, hint, type = "text", prefix, suffix, width = "full", ...input } = props;
  const bounds = type === "number" && { min: field.min, max: field.max, step: field.step };
  return (
    <Field field={field} label={label} hint={hint}>
      <span className="flex items-center gap-2">
        {prefix && <Affix>{prefix}</Affix>}
        <input
          {...controlProps(field, hint)}
          {...bounds}
          {...input}
          type={type}
          defaultValue={field.defaultValue}
          className={`control ${controlWidths[width]}`}
        />
        {suffix && <Affix>{suffix}</Affix>}
      </span>
    </Field>
  );
}

/** Seen beside the input, not read with it: the label says it as well. */
function Affix({ children }: { children: ReactNode }) {
  return (
    <span aria-hidden="true" className="shrink-0 text-muted">
      {children}
    </span>
  );
}
