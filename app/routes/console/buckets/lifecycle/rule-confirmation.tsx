import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { LifecycleAtEngine, RuleShown } from "#app/domain/lifecycle/read-lifecycle.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import type { FormSetup } from "#app/ui/form/setup.ts";
import { type RefusedSubmission, useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import { lifecycleBreadcrumbs, lifecycleHref } from "./addresses.ts";
import { RulesUnknown } from "./notices.tsx";
import { RuleActions, RuleScope, RuleState } from "./rule-words.tsx";

export interface RuleConfirmationProps {
  params: { account: string; bucket: string };
  /** The page's own address, to ask again where the engine did not answer. */
  here: string;
  title: string;
  intro: string;
  submit: string;
  isDangerous?: boolean;
  bucketName: string;
  /** Null where the engine did not answer. */
  shown: RuleShown | null;
  versioning: LifecycleAtEngine["versioning"];
  /** Whether this can be done with the rule at all. */
  isPossible: boolean;
  setup: FormSetup<{ fingerprint: string }>;
  refusal: RefusedSubmission | undefined;
}

/** A page that asks whether something shall be done with a rule: what it says, and one button. */
export function RuleConfirmation(props: RuleConfirmationProps) {
  const { t } = useTranslation();
  const { params, bucketName, shown, isPossible, setup, refusal } = props;
  const [form, fields] = useAppForm(setup, refusal, props.here);
  const words = { buckets: t("buckets.title"), settings: t("buckets.tabs.settings") };
  return (
    <FormPage
      title={props.title}
      intro={props.intro}
      breadcrumbs={lifecycleBreadcrumbs(params, bucketName, { ...words, below: t("lifecycle.title") })}
      form={form}
      action={props.here}
    >
      {!shown && <RulesUnknown here={props.here} />}
      {shown && (
        <Card>
          <DescriptionList
            items={[
              {
                term: t("lifecycle.columns.does"),
                details: <RuleActions rule={shown.rule} versioning={props.versioning} />,
              },
              { term: t("lifecycle.columns.about"), details: <RuleScope filter={shown.rule.filter} /> },
              { term: t("lifecycle.columns.state"), details: <RuleState enabled={shown.rule.enabled} /> },
            ]}
          />
        </Card>
      )}
      {shown && !isPossible && (
        <Notice tone="warning" title={t("lifecycle.notPossible")}>
          <Link to={lifecycleHref(params)}>{t("lifecycle.back")}</Link>
        </Notice>
      )}
      {shown && isPossible && (
        <>
          <HiddenField field={fields.fingerprint} />
          <SubmitButton variant={props.isDangerous ? "danger" : "primary"}>{props.submit}</SubmitButton>
        </>
      )}
    </FormPage>
  );
}
