import { parseSubmission, report, type Submission } from "@conform-to/react/future";
import { getZodConstraint } from "@conform-to/zod/v4";
import type { TFunction } from "i18next";
import type { z } from "zod";
import { DomainError, type InputIssue, InvalidInput } from "#app/domain/errors.ts";
import type { FormSetup } from "#app/ui/form/setup.ts";

/** What a form page's loader gives to `useAppForm`: the schema's constraints and the values to begin with. */
export function formOf<Schema extends z.ZodObject>(
  schema: Schema,
  defaultValue: FormSetup<z.input<Schema>>["defaultValue"] = {},
): FormSetup<z.input<Schema>> {
  return { constraint: getZodConstraint(schema), defaultValue };
}

/**
 * conform's way to name a field: `name`, `rules[0].days`, `buckets[]`. Bounded, since a name could ask
 * for an array of four thousand million places or a nesting that no stack holds, and many names for as
 * many arrays: a form of 400 KB once became gigabytes of empty places, in memory and in the answer.
 */
const fieldNames = /^[A-Za-z]\w*(\.[A-Za-z]\w*|\[\d{1,2}\]){0,4}(\[\])?$/;
const longestFieldName = 100;

/** The form as conform reads it. Throws `unreadable-body` for a field that no form of ours could have. */
export function parseForm(form: FormData): Submission {
  for (const name of form.keys()) {
    if (name.length > longestFieldName || !fieldNames.test(name)) throw new DomainError("unreadable-body");
  }
  try {
    return parseSubmission(form, { skipEntry: (name) => name === "formToken" });
  } catch {
    // A name that conform itself refuses (`constructor`), or names that contradict each other.
    throw new DomainError("unreadable-body");
  }
}

/** The fields as a command takes them. An empty field was not filled in. */
export function inputOf(submission: Submission): Record<string, unknown> {
  return withoutEmpty(submission.payload) as Record<string, unknown>;
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((item) => item !== undefined);
  if (value === "") return undefined;
  if (typeof value !== "object" || value === null || value instanceof Blob) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)]));
}

/**
 * Whether a field holds a secret, by its name: such a field is never sent back with a form that is shown again, and
 * never kept with one that is to be sent later. Every password field of ours goes by such a name; a test holds that.
 */
export function isSecretField(name: string): boolean {
  const [last = ""] = name
    .replace(/\[\d*\]/g, "")
    .split(".")
    .toReversed();
  return /(password|passphrase|secret|token)$|^code$|(recovery|security|verification)code$/i.test(last);
}

/** The refused submission, with words for each field; what belongs to no field stands above the form. */
export function refusedSubmission(submission: Submission, error: DomainError, t: TFunction) {
  const fieldErrors: Record<string, string[]> = {};
  const formErrors: string[] = [];
  const add = (field: string, message: string) => {
    if (!field) formErrors.push(message);
    else fieldErrors[field] = [...(fieldErrors[field] ?? []), message];
  };
  if (error instanceof InvalidInput) {
    for (const issue of error.issues) add(fieldName(issue.path), wordsOf(issue, t));
  } else {
    add(error.field ?? "", t(`errors.${error.code}`, error.params));
  }
  return {
    result: report<string[]>(submission, {
      error: { fieldErrors, ...(formErrors.length > 0 ? { formErrors } : {}) },
      hideFields: submission.fields.filter(isSecretField),
    }),
  };
}

/** An issue in the reader's language. A schema's message is a key of `validation.json`; a test holds that. */
export function wordsOf(issue: InputIssue, t: TFunction): string {
  return t(`validation.${issue.message}` as "validation.invalid", issue.params);
}

/** `["buckets", 0]` → `buckets[0]`, conform's way to write it. */
function fieldName(path: (string | number)[]): string {
  return path.reduce<string>(
    (name, part) => (typeof part === "number" ? `${name}[${part}]` : name ? `${name}.${part}` : part),
    "",
  );
}
