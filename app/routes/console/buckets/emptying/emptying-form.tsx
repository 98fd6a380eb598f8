import { useTranslation } from "react-i18next";
import type { BucketSize } from "#app/domain/buckets/read-buckets.ts";
import type { Emptying } from "#app/domain/emptying/read-emptyings.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import type { FormSetup } from "#app/ui/form/setup.ts";
import { TextField } from "#app/ui/form/text-field.tsx";
import { type RefusedSubmission, useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { type Breadcrumb, PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { MeasuredAt } from "#app/ui/usage/usage-stats.tsx";
import { Bytes, Count } from "#app/ui/values.tsx";
import { EmptyingResult } from "./emptying-result.tsx";

export interface EmptyingFormProps {
  name: string;
  /** The one before, which has ended. */
  last: Emptying | null;
  canEmpty: boolean;
  size: BucketSize | null;
  form: FormSetup<{ name: string; deletesBucket?: unknown }>;
  refused: RefusedSubmission | undefined;
  breadcrumbs: Breadcrumb[];
  params: { account: string; bucket: string };
}

/** What came of the last emptying of a bucket, and the form that begins another. */
export function EmptyingForm(props: EmptyingFormProps) {
  const { name, last, canEmpty, size, breadcrumbs, params } = props;
  const { t } = useTranslation();
  const [form, fields] = useAppForm(props.form, props.refused);
  const result = last && <EmptyingResult emptying={last} params={params} />;
  const title = t("emptying.title", { bucket: name });
  if (!canEmpty) {
    return (
      <>
        <PageHeader title={title} breadcrumbs={breadcrumbs} />
        {result}
      </>
    );
  }
  return (
    <FormPage title={title} intro={t("emptying.form.intro")} breadcrumbs={breadcrumbs} form={form}>
      {result}
      <Content size={size} />
      <ul className="list-disc space-y-1 ps-5">
        <li>{t("emptying.form.background")}</li>
        <li>{t("emptying.form.meanwhile")}</li>
        <li>{t("emptying.form.quota")}</li>
      </ul>
      <TextField
        field={fields.name}
        label={t("emptying.form.confirm")}
        hint={t("emptying.form.confirmHint", { bucket: name })}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <CheckboxField
        field={fields.deletesBucket}
        label={t("emptying.form.deletesBucket")}
        hint={t("emptying.form.deletesBucketHint")}
      />
      <SubmitButton variant="danger">{t("emptying.form.submit")}</SubmitButton>
    </FormPage>
  );
}

/** What there is to remove. */
function Content({ size }: { size: BucketSize | null }) {
  const { t } = useTranslation();
  if (!size) return <Notice tone="warning">{t("emptying.form.unknown")}</Notice>;
  if (size.isCurrent && size.objectCount === 0n) {
    return <Notice title={t("emptying.form.alreadyEmpty")}>{t("emptying.form.alreadyEmptyText")}</Notice>;
  }
  return (
    <Section title={t("emptying.form.now")}>
      <Card>
        <DescriptionList
          items={[
            { term: t("emptying.form.objects"), details: <Count value={size.objectCount} /> },
            { term: t("emptying.form.stored"), details: <Bytes value={size.sizeBytes} /> },
            ...(size.isCurrent
              ? []
              : [{ term: t("emptying.form.asOf"), details: <MeasuredAt at={size.measuredAt} /> }]),
          ]}
        />
      </Card>
    </Section>
  );
}
