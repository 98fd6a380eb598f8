import { useTranslation } from "react-i18next";
import { redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { findBucketSize } from "#app/domain/buckets/read-buckets.ts";
import { undoFinding } from "#app/domain/reconciliation/decide-finding.ts";
import { getFinding } from "#app/domain/reconciliation/read-findings.ts";
import { undoingForm } from "#app/domain/reconciliation/schema.ts";
import { undoableKinds } from "#app/domain/reconciliation/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { DecisionSubject, NothingToDecide } from "#app/ui/reconciliation/decision-subject.tsx";
import { useFindingBreadcrumbs } from "#app/ui/reconciliation/finding-breadcrumbs.ts";
import { subjectName } from "#app/ui/reconciliation/finding-subject.ts";
import type { Route } from "./+types/reversal";
import { findingAddress, findingAddresses } from "./addresses.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "findings:undo");
    const finding = await getFinding(context, uuidOr404(args.params.finding));
    const isBucket = finding.kind === "bucket_only_at_engine" && finding.mayUndo;
    return {
      finding,
      size: isBucket ? await findBucketSize(context, finding.resource) : null,
      addresses: await findingAddresses(context, args.url),
      form: formOf(undoingForm),
    };
  });
}

export function action(args: Route.ActionArgs) {
  // The finding's own page tells how far it is.
  return submitWith(
    args,
    (context, input) => undoFinding(context, { ...input, findingId: uuidOr404(args.params.finding) }),
    () => redirect(findingAddress(args.url)),
  );
}

export default function UndoFinding({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm(loaderData.form, actionData);
  const { finding, size, addresses } = loaderData;
  const breadcrumbs = useFindingBreadcrumbs(addresses);
  const kind = undoableKinds.find((undoable) => undoable === finding.kind);
  if (!kind || !finding.mayUndo) return <NothingToDecide finding={finding} addresses={addresses} />;
  return (
    <FormPage
      title={t("reconciliation.undo.title", {
        subject: subjectName(finding) ?? t(`reconciliation.kinds.${kind}.title`),
      })}
      intro={t(`reconciliation.undo.impact.${kind}`)}
      breadcrumbs={[
        ...breadcrumbs,
        { label: t(`reconciliation.kinds.${kind}.title`), to: addresses.finding },
      ]}
      form={form}
    >
      {size?.isCurrent && size.objectCount > 0n && (
        <Notice tone="warning" title={t("reconciliation.undo.notEmpty")}>
          {t("reconciliation.undo.notEmptyAdvice")}
        </Notice>
      )}
      <DecisionSubject finding={finding} size={size} />
      <SubmitButton variant="danger">{t("reconciliation.undo.submit")}</SubmitButton>
    </FormPage>
  );
}
