import { useTranslation } from "react-i18next";
import type { LifecycleAtEngine } from "#app/domain/lifecycle/read-lifecycle.ts";
import { expirations } from "#app/domain/lifecycle/states.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { Button } from "#app/ui/form/button.tsx";
import { CheckboxField, RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { DateField } from "#app/ui/form/date-field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import type { FormSetup } from "#app/ui/form/setup.ts";
import { TextField } from "#app/ui/form/text-field.tsx";
import { type RefusedSubmission, useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { lifecycleBreadcrumbs, lifecycleHref, previewHref, ruleHref } from "./addresses.ts";
import { FormPart, SizeField, TagFields } from "./form-parts.tsx";
import { NotOffered, RulesUnknown, RulesUnsupported, WhenRulesRun } from "./notices.tsx";
import type { RuleFormValues } from "./rule-form-setup.ts";

export interface RuleFormProps {
  params: { account: string; bucket: string };
  bucketName: string;
  atEngine: LifecycleAtEngine | null;
  setup: FormSetup<RuleFormValues>;
  refusal: RefusedSubmission | undefined;
  /** The rule that is changed; none for a new one. */
  ruleId?: string | undefined;
}

/**
 * The form of a rule, on the pages of a new one, of a change, and of a preview that was refused: wherever it stands, it
 * saves to the page of the rule and asks for a preview at the preview's.
 */
export function RuleForm(props: RuleFormProps) {
  const { t } = useTranslation();
  const { params, bucketName, atEngine, ruleId, setup, refusal } = props;
  const here = ruleId === undefined ? `${lifecycleHref(params)}/new` : ruleHref(params, ruleId);
  const [form, fields] = useAppForm(setup, refusal, here);
  // What was typed stays, also where the engine has ceased to answer meanwhile.
  const features = atEngine ? atEngine.features : refusal ? everyFeature : null;
  const words = { buckets: t("buckets.title"), settings: t("buckets.tabs.settings") };
  return (
    <FormPage
      title={ruleId === undefined ? t("lifecycle.new.title") : t("lifecycle.edit.title", { rule: ruleId })}
      intro={t("lifecycle.form.intro")}
      breadcrumbs={lifecycleBreadcrumbs(params, bucketName, { ...words, below: t("lifecycle.title") })}
      form={form}
      action={here}
    >
      {!atEngine && <RulesUnknown here={here} />}
      {atEngine && !atEngine.features && <RulesUnsupported />}
      {features && (
        <>
          {ruleId !== undefined && <HiddenField field={fields.fingerprint} />}
          <Rule fields={fields} isNew={ruleId === undefined} />
          <Scope form={form} fields={fields} features={features} />
          <Objects fields={fields} features={features} versioning={atEngine?.versioning} />
          <OldVersions fields={fields} features={features} versioning={atEngine?.versioning} />
          <Uploads fields={fields} features={features} />
          <NotOffered features={features} />
          {atEngine && <WhenRulesRun engine={atEngine.engine} />}
          <div className="flex flex-wrap gap-3">
            <SubmitButton>{t("lifecycle.form.submit")}</SubmitButton>
            <Button type="submit" formAction={previewHref(params, ruleId)}>
              {t("lifecycle.form.preview")}
            </Button>
          </div>
          <p className="text-sm text-muted">{t("lifecycle.form.previewHint")}</p>
        </>
      )}
    </FormPage>
  );
}

type Form = ReturnType<typeof useAppForm<RuleFormValues>>;
interface PartProps {
  fields: Form[1];
  features: NonNullable<LifecycleAtEngine["features"]>;
}
interface Versioned {
  /** Undefined where the engine does not say. */
  versioning: LifecycleAtEngine["versioning"] | undefined;
}

const everyFeature: PartProps["features"] = {
  noncurrentExpiration: true,
  newerNoncurrentVersions: true,
  expiredDeleteMarkers: true,
  abortIncompleteUploads: true,
  tagFilters: true,
  sizeFilters: true,
};

function Rule({ fields, isNew }: Pick<PartProps, "fields"> & { isNew: boolean }) {
  const { t } = useTranslation();
  return (
    <FormPart title={t("lifecycle.form.rule")}>
      <TextField
        field={{ ...fields.id, required: !isNew }}
        label={t("lifecycle.form.name")}
        hint={isNew ? t("lifecycle.form.nameHint") : t("lifecycle.form.nameHintEdit")}
        autoComplete="off"
        spellCheck={false}
      />
      <CheckboxField
        field={fields.enabled}
        label={t("lifecycle.form.enabled")}
        hint={t("lifecycle.form.enabledHint")}
      />
    </FormPart>
  );
}

function Scope({ form, fields, features }: PartProps & { form: Form[0] }) {
  const { t } = useTranslation();
  return (
    <FormPart title={t("lifecycle.form.scope")} hint={t("lifecycle.form.scopeHint")}>
      <TextField
        field={fields.prefix}
        label={t("lifecycle.form.prefix")}
        hint={t("lifecycle.form.prefixHint")}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      {features.tagFilters && <TagFields form={form} />}
      {features.sizeFilters && (
        <>
          <SizeField
            field={fields.sizeGreaterThan}
            unit={fields.sizeGreaterThanUnit}
            label={t("lifecycle.form.larger")}
          />
          <SizeField
            field={fields.sizeLessThan}
            unit={fields.sizeLessThanUnit}
            label={t("lifecycle.form.smaller")}
          />
        </>
      )}
    </FormPart>
  );
}

function Objects({ fields, features, versioning }: PartProps & Versioned) {
  const { t } = useTranslation();
  const options = expirations
    .filter((value) => value !== "markers" || features.expiredDeleteMarkers)
    .map((value) => ({
      value,
      label: t(`lifecycle.form.expirations.${value}`),
      ...(value === "date" ? { hint: t("lifecycle.form.dateOptionHint") } : {}),
      ...(value === "markers" ? { hint: t("lifecycle.form.markersHint") } : {}),
    }));
  return (
    <FormPart
      title={t("lifecycle.form.current")}
      {...(versioning && versioning !== "unset" ? { hint: t("lifecycle.form.versionedNote") } : {})}
    >
      <RadioGroupField
        field={{ ...fields.expiration, required: true }}
        label={t("lifecycle.form.expiration")}
        options={options}
      />
      {/* Not marked as optional: whether they are depends on the choice above. */}
      <div className="rule-days">
        <TextField
          field={{ ...fields.days, required: true }}
          label={t("lifecycle.form.days")}
          hint={t("lifecycle.form.daysHint")}
          inputMode="numeric"
          autoComplete="off"
          width="narrow"
        />
      </div>
      <div className="rule-date">
        <DateField
          field={{ ...fields.date, required: true }}
          label={t("lifecycle.form.date")}
          hint={t("lifecycle.form.dateHint")}
        />
      </div>
    </FormPart>
  );
}

function OldVersions({ fields, features, versioning }: PartProps & Versioned) {
  const { t } = useTranslation();
  if (!features.noncurrentExpiration) return null;
  return (
    <FormPart title={t("lifecycle.form.old")} hint={t("lifecycle.form.oldHint")}>
      {versioning === "unset" && <Notice>{t("lifecycle.form.neverVersioned")}</Notice>}
      <TextField
        field={fields.noncurrentDays}
        label={t("lifecycle.form.noncurrentDays")}
        inputMode="numeric"
        autoComplete="off"
        width="narrow"
      />
      {features.newerNoncurrentVersions && (
        <TextField
          field={fields.newerVersions}
          label={t("lifecycle.form.newerVersions")}
          hint={t("lifecycle.form.newerVersionsHint")}
          inputMode="numeric"
          autoComplete="off"
          width="narrow"
        />
      )}
    </FormPart>
  );
}

function Uploads({ fields, features }: PartProps) {
  const { t } = useTranslation();
  if (!features.abortIncompleteUploads) return null;
  return (
    <FormPart title={t("lifecycle.form.uploads")} hint={t("lifecycle.form.uploadsHint")}>
      <TextField
        field={fields.abortDays}
        label={t("lifecycle.form.abortDays")}
        inputMode="numeric"
        autoComplete="off"
        width="narrow"
      />
    </FormPart>
  );
}
