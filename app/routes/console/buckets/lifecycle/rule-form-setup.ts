import { type LifecycleRuleValues, lifecycleRuleFields } from "#app/domain/lifecycle/rule-input.ts";
import { ruleForm } from "#app/domain/lifecycle/schema.ts";
import { formOf, inputOf, parseForm } from "#app/http/forms.server.ts";
import type { FormSetup } from "#app/ui/form/setup.ts";

/** What the form of a rule holds: the rule, and of one that is changed, what was read of it. */
export type RuleFormValues = LifecycleRuleValues & { fingerprint?: string | undefined };

const blank: RuleFormValues = {
  enabled: true,
  expiration: "none",
  sizeGreaterThanUnit: "MiB",
  sizeLessThanUnit: "MiB",
};

/**
 * The form, as it begins: with the values given, and over them what the address asks for
 * (`?prefix=logs/&expiration=days`), so that other pages can lead to a form that is filled in.
 */
export function ruleFormSetup(values: RuleFormValues, asked: URLSearchParams): FormSetup<RuleFormValues> {
  const { id, fingerprint } = values;
  return formOf(lifecycleRuleFields.extend(ruleForm.partial().shape), {
    ...blank,
    ...values,
    ...readAddress(asked),
    id,
    fingerprint,
  });
}

function readAddress(asked: URLSearchParams): Record<string, unknown> {
  const form = new FormData();
  for (const [name, value] of asked) form.append(name, value);
  try {
    return inputOf(parseForm(form));
  } catch {
    // No fields of a form: it begins as it is.
    return {};
  }
}
