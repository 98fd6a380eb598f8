import { type MouseEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { fieldNames, isNamed } from "./field-names.ts";
import type { AppForm } from "./use-app-form.ts";

/** What is wrong with a form, at the top of its page, each line a link to its field. */
export function ErrorSummary({ form }: { form: AppForm }) {
  const { t } = useTranslation();
  const summary = useRef<HTMLDivElement>(null);
  const { refusal } = form;

  // Each refusal takes the focus anew, the second one for the same reason too.
  useEffect(() => {
    if (refusal) summary.current?.focus();
  }, [refusal]);

  if (form.valid) return null;
  return (
    <div
      ref={summary}
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: without JavaScript, the page that says no must begin here.
      autoFocus
      className="mb-6 rounded-card border-3 border-danger bg-surface p-4"
    >
      <h2 className="text-lg">{t("common.form.errorSummary")}</h2>
      <ul className="mt-2 space-y-1">
        {form.errors.map((error) => (
          <li key={error}>{error}</li>
        ))}
        {Object.entries(form.fieldErrors).map(([name, errors]) => (
          <li key={name}>
            <a
              href={`#${form.field(name).id}`}
              onClick={focusField}
              className="font-semibold text-danger hover:text-danger-strong"
            >
              {isNamed(name) && `${t(fieldNames[name])}: `}
              {errors.join(" ")}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Goes to a field with its label in sight, which a plain jump to its id would leave above the edge. */
function focusField(event: MouseEvent<HTMLAnchorElement>) {
  const control = document.getElementById(event.currentTarget.hash.slice(1));
  if (
    !(
      control instanceof HTMLInputElement ||
      control instanceof HTMLSelectElement ||
      control instanceof HTMLTextAreaElement
    )
  )
    return;
  event.preventDefault();
  (control.closest("fieldset") ?? control.labels?.[0] ?? control).scrollIntoView();
  control.focus({ preventScroll: true });
}
