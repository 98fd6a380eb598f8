import type { FormMetadata, SubmissionResult } from "@conform-to/react/future";
import { configureForms, shape } from "@conform-to/react/future";
import type { FormSetup } from "./setup.ts";

const { useForm } = configureForms({ isError: shape<string[]>() });

/** A form's state: what `FormPage`, `AppForm` and `ErrorSummary` take. */
export type AppForm = FormMetadata<string[]>;

/** What an action gives back when it refuses: conform's `report()` of the submission. */
export interface RefusedSubmission {
  result: SubmissionResult<string[]>;
}

/**
 * The form of a page and its fields. Input is checked on the server alone: what it found comes back
 * in `actionData`, the same way with and without JavaScript.
 */
export function useAppForm<Shape extends Record<string, unknown>>(
  setup: FormSetup<Shape>,
  actionData: RefusedSubmission | undefined,
) {
  const { form, fields } = useForm<Shape, string[]>({
    constraint: setup.constraint,
    defaultValue: setup.defaultValue as never,
    lastResult: actionData?.result,
    // conform would focus the first wrong field; the error summary takes the focus instead.
    onError: () => {},
    onValidate: undefined as never,
  });
  return [form, fields] as const;
}
