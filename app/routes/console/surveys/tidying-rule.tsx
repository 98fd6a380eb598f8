import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { LifecycleAtEngine, RuleShown } from "#app/domain/lifecycle/read-lifecycle.ts";
import type { LifecycleRuleValues } from "#app/domain/lifecycle/rule-input.ts";
import { tidyingRuleId } from "#app/domain/surveys/states.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { Button } from "#app/ui/form/button.tsx";
import { CheckboxGroupField } from "#app/ui/form/choice-fields.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import type { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { ruleHref } from "../buckets/lifecycle/addresses.ts";
import { RuleActions, RuleScope } from "../buckets/lifecycle/rule-words.tsx";

type Form = ReturnType<
  typeof useAppForm<
    Pick<LifecycleRuleValues, "id" | "enabled" | "noncurrentDays" | "abortDays" | "expiration">
  >
>;
interface BucketParams {
  account: string;
  bucket: string;
}

export interface TidyingRuleProps {
  /** With those rules alone that do some of the same; null where the engine did not answer. */
  lifecycle: LifecycleAtEngine | null;
  form: Form[0];
  fields: Form[1];
  params: BucketParams;
}

/** One lifecycle rule that removes what nobody sees: the form for it, and the rules that do some of it already. */
export function TidyingRule({ lifecycle, form, fields, params }: TidyingRuleProps) {
  const { t } = useTranslation();
  const rules = lifecycle?.rules ?? [];
  const isThere = rules.some(({ rule }) => rule.id === tidyingRuleId);
  return (
    <Section title={t("surveys.tidy.title")} description={t("surveys.tidy.intro")}>
      <div className="max-w-xl space-y-5">
        {rules.length > 0 && <Existing rules={rules} versioning={lifecycle?.versioning} params={params} />}
        {!lifecycle && <Notice tone="warning" title={t("surveys.tidy.unknown")} />}
        {isThere && <p>{t("surveys.tidy.exists")}</p>}
        {lifecycle && !isThere && (
          <TidyingForm lifecycle={lifecycle} form={form} fields={fields} params={params} />
        )}
      </div>
    </Section>
  );
}

function Existing(props: {
  rules: RuleShown[];
  versioning: LifecycleAtEngine["versioning"] | undefined;
  params: BucketParams;
}) {
  const { t } = useTranslation();
  const { rules, versioning = "enabled", params } = props;
  return (
    <Card>
      <h3 className="font-semibold">{t("surveys.tidy.existing")}</h3>
      <p className="text-sm text-muted">{t("surveys.tidy.existingText")}</p>
      <ul className="mt-3 divide-y divide-line">
        {rules.map(({ rule }) => (
          <li key={rule.id} className="space-y-1 py-3 first:pt-0 last:pb-0">
            <RuleActions rule={rule} versioning={versioning} />
            <div className="text-sm text-muted">
              <RuleScope filter={rule.filter} />
            </div>
            <Link to={ruleHref(params, rule.id)}>{t("surveys.tidy.edit", { rule: rule.id })}</Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Its fields have the names of a lifecycle rule's: the preview, and the command, are those of any rule. */
function TidyingForm(props: Omit<TidyingRuleProps, "lifecycle"> & { lifecycle: LifecycleAtEngine }) {
  const { t } = useTranslation();
  const { lifecycle, form, fields, params } = props;
  const { features, versioning, canAdd } = lifecycle;
  const isPossible =
    features?.noncurrentExpiration || features?.abortIncompleteUploads || features?.expiredDeleteMarkers;
  if (!features || !isPossible) return <Notice title={t("surveys.tidy.unsupported")} />;
  const rulesPage = href("/accounts/:account/buckets/:bucket/lifecycle", params);
  if (!canAdd)
    return (
      <Notice tone="warning" title={t("surveys.tidy.cannotAdd")}>
        <Link to={rulesPage}>{t("surveys.tidy.seeRules")}</Link>
      </Notice>
    );
  return (
    <AppForm form={form} className="space-y-5">
      <HiddenField field={fields.id} value={tidyingRuleId} />
      <HiddenField field={fields.enabled} value="on" />
      {features.noncurrentExpiration && (
        <TextField
          field={fields.noncurrentDays}
          label={t("surveys.tidy.noncurrentDays")}
          hint={versioning === "unset" ? t("surveys.tidy.noncurrentUnset") : t("surveys.tidy.noncurrentHint")}
          inputMode="numeric"
          autoComplete="off"
          width="narrow"
        />
      )}
      {features.abortIncompleteUploads && (
        <TextField
          field={fields.abortDays}
          label={t("surveys.tidy.abortDays")}
          hint={t("surveys.tidy.abortHint")}
          inputMode="numeric"
          autoComplete="off"
          width="narrow"
        />
      )}
      {features.expiredDeleteMarkers && (
        <CheckboxGroupField
          field={fields.expiration}
          label={t("surveys.tidy.markers")}
          options={[{ value: "markers", label: t("surveys.tidy.markersOption") }]}
        />
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" variant="primary" formAction={`${rulesPage}/preview`}>
          {t("surveys.tidy.preview")}
        </Button>
        <SubmitButton variant="secondary">{t("surveys.tidy.submit")}</SubmitButton>
      </div>
    </AppForm>
  );
}
