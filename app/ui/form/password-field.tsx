import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHydrated } from "../use-hydrated.ts";
import { Button } from "./button.tsx";
import { controlProps, Field, type FieldProps } from "./field.tsx";

export interface PasswordFieldProps extends FieldProps {
  /** Tells a password manager whether to fill in or to suggest; `off` for a secret that it should not keep. */
  autoComplete: "current-password" | "new-password" | "off";
}

/** A password; where JavaScript runs, it can be shown. Its value is never sent back by the server. */
export function PasswordField({ field, label, hint, autoComplete }: PasswordFieldProps) {
  const { t } = useTranslation();
  const hydrated = useHydrated();
  const [shown, setShown] = useState(false);
  return (
    <Field field={field} label={label} hint={hint}>
      <span className="flex items-stretch gap-2">
        <input
          {...controlProps(field, hint)}
          type={shown ? "text" : "password"}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          className="control w-full"
        />
        {hydrated && (
          <Button
            aria-label={t(shown ? "common.form.hidePassword" : "common.form.showPassword")}
            aria-controls={field.id}
            onClick={() => setShown(!shown)}
          >
            {t(shown ? "common.form.hide" : "common.form.show")}
          </Button>
        )}
      </span>
      {hydrated && (
        <span role="status" className="sr-only">
          {shown && t("common.form.passwordShown")}
        </span>
      )}
    </Field>
  );
}
