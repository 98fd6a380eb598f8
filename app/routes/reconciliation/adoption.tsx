import { useTranslation } from "react-i18next";
import { redirect } from "react-router";
import { authorize, can } from "#app/domain/authorization.ts";
import { findBucketSize } from "#app/domain/buckets/read-buckets.ts";
import { adoptFinding } from "#app/domain/reconciliation/decide-finding.ts";
import { getFinding } from "#app/domain/reconciliation/read-findings.ts";
import { adoptionForm } from "#app/domain/reconciliation/schema.ts";
import { adoptableKinds } from "#app/domain/reconciliation/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField, RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DecisionSubject, NothingToDecide } from "#app/ui/reconciliation/decision-subject.tsx";
import { useFindingBreadcrumbs } from "#app/ui/reconciliation/finding-breadcrumbs.ts";
import { subjectName } from "#app/ui/reconciliation/finding-subject.ts";
import type { Route } from "./+types/adoption";
import { findingAddress, findingAddresses } from "./addresses.ts";

const countedKinds = ["bucket_only_at_engine", "key_only_at_engine"];

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "findings:adopt");
    const finding = await getFinding(context, uuidOr404(args.params.finding));
    const isBucket = finding.kind === "bucket_only_at_engine" && finding.mayAdopt;
    return {
      finding,
      size: isBucket ? await findBucketSize(context, finding.resource) : null,
      canRaiseLimit: countedKinds.includes(finding.kind) && can(context, "quotas:raise"),
      addresses: await findingAddresses(context, args.url),
      form: formOf(
        // What the command asks for then; the schema cannot know.
        finding.choices.asksPermission ? adoptionForm.required({ permission: true }) : adoptionForm,
        finding.choices.asksName ? { name: finding.resource } : {},
      ),
    };
  });
}

export function action(args: Route.ActionArgs) {
  // The finding's own page tells how far it is.
  return submitWith(
    args,
    (context, input) => adoptFinding(context, { ...input, findingId: uuidOr404(args.params.finding) }),
    () => redirect(findingAddress(args.url)),
  );
}

export default function AdoptFinding({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { finding, size, canRaiseLimit, addresses } = loaderData;
  const breadcrumbs = useFindingBreadcrumbs(addresses);
  const kind = adoptableKinds.find((adoptable) => adoptable === finding.kind);
  if (!kind || !finding.mayAdopt) return <NothingToDecide finding={finding} addresses={addresses} />;
  return (
    <FormPage
      title={t("reconciliation.adopt.title", {
        subject: subjectName(finding) ?? t(`reconciliation.kinds.${kind}.title`),
      })}
      intro={t(`reconciliation.adopt.impact.${kind}`)}
      breadcrumbs={[
        ...breadcrumbs,
        { label: t(`reconciliation.kinds.${kind}.title`), to: addresses.finding },
      ]}
      form={form}
    >
      <DecisionSubject finding={finding} size={size} />
      {finding.choices.asksName && (
        <TextField
          field={fields.name}
          label={t("accessKeys.name")}
          hint={t("reconciliation.adopt.nameHint")}
        />
      )}
      {finding.choices.asksPermission && (
        <RadioGroupField
          field={fields.permission}
          label={t("accessKeys.permission")}
          hint={t("reconciliation.adopt.permissionHint")}
          options={[
            { value: "read", label: t("accessKeys.permissions.read") },
            { value: "read_write", label: t("accessKeys.permissions.read_write") },
          ]}
        />
      )}
      {canRaiseLimit && (
        <CheckboxField
          field={fields.raiseLimit}
          label={t("reconciliation.raiseLimit")}
          hint={t("reconciliation.raiseLimitHint")}
        />
      )}
      <SubmitButton>{t("reconciliation.adopt.submit")}</SubmitButton>
    </FormPage>
  );
}
