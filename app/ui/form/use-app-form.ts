import type { SubmissionResult } from "@conform-to/react/future";
import { useId } from "react";
import { useLocation } from "react-router";
import { type RestoredForm, useRootData } from "../root-data.ts";
import type { FormField } from "./field.tsx";
import type { FormSetup } from "./setup.ts";

/** What an action gives back when it refuses: conform's `report()` of the submission. */
export interface RefusedSubmission {
  result: SubmissionResult<string[]>;
}

/** A form as a whole: what `FormPage`, `AppForm` and `ErrorSummary` take. */
export interface AppForm {
  id: string;
  valid: boolean;
  /** What is wrong with the form as a whole. */
  errors: string[];
  /** What is wrong with each field, by its name. */
  fieldErrors: Record<string, string[]>;
  /** Holds what the person typed before they had to sign in again; it was not sent. */
  isRestored: boolean;
  /** A new object for each refusal. */
  refusal: object | undefined;
  /** A field by its name, also below others: `filter.prefix`, `rules[0]`. */
  field: (name: string) => FormField;
}

/**
 * The form of a page and its fields, by name.
 *
 * conform reads and reports submissions on the server; nothing of it is needed in the browser. Input
 * is checked on the server alone and what it found comes back in `actionData`, the same way with and
 * without JavaScript. conform's own hook would add 13 KB to every form page for checks that we do not
 * make there.
 *
 * @param action where the form posts, if not to the page's own address; give the same to `AppForm`
 */
export function useAppForm<Shape extends Record<string, unknown>>(
  setup: FormSetup<Shape>,
  actionData: RefusedSubmission | undefined,
  action?: string,
) {
  const id = useId();
  const refusal = actionData?.result;
  const restored = useRestoredForm(action);
  const fieldErrors = withErrors(refusal?.error?.fieldErrors);
  const errors = refusal?.error?.formErrors ?? [];
  const values = refusal ? refusal.submission.payload : (restored?.values ?? setup.defaultValue);

  function field(name: string): FormField {
    const value = valueAt(values, name);
    const constraint = setup.constraint[name] ?? {};
    const fieldId = `${id}-${name.replace(/[^\w-]/g, "_")}`;
    return {
      id: fieldId,
      name,
      descriptionId: `${fieldId}-hint`,
      errorId: `${fieldId}-error`,
      required: constraint.required,
      min: constraint.min,
      max: constraint.max,
      step: constraint.step,
      defaultValue: asText(value),
      defaultOptions: Array.isArray(value) ? value.map(asText) : value === undefined ? [] : [asText(value)],
      defaultChecked: value === true || value === "on",
      errors: fieldErrors[name],
      ariaInvalid: fieldErrors[name] ? true : undefined,
    };
  }

  const valid = errors.length === 0 && Object.keys(fieldErrors).length === 0;
  const isRestored = !refusal && restored !== null;
  const form: AppForm = { id, valid, errors, fieldErrors, isRestored, refusal, field };
  // The schema, and with it the list of names, is on the server: a field is made when it is asked for.
  const fields = new Proxy({} as { [Name in keyof Shape & string]-?: FormField }, {
    get: (_target, name) => field(String(name)),
  });
  return [form, fields] as const;
}

/** What is to be restored belongs to the form that posts to its address, and to no other on the page. */
function useRestoredForm(action: string | undefined): RestoredForm | null {
  const { restoredForm } = useRootData();
  const { pathname, search } = useLocation();
  return restoredForm?.path === (action ?? pathname + search) ? restoredForm : null;
}

/** conform's types allow a field without errors among those that have some. */
function withErrors(fieldErrors: Record<string, string[] | null> = {}): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(fieldErrors).flatMap(([name, errors]) => (errors ? [[name, errors]] : [])),
  );
}

function valueAt(values: object, name: string): unknown {
  const path = name.split(/[.[\]]+/).filter((part) => part !== "");
  return path.reduce<unknown>(
    (value, part) => (value as Record<string, unknown> | undefined)?.[part],
    values,
  );
}

/** A value as an input holds it. */
function asText(value: unknown): string {
  return ["string", "number", "bigint"].includes(typeof value) ? String(value) : "";
}
