import { useTranslation } from "react-i18next";
import { data, redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { DomainError } from "#app/domain/errors.ts";
import { readSecurity } from "#app/domain/identity/second-factor/read-security.ts";
import { renewRecoveryCodes } from "#app/domain/identity/second-factor/renew-recovery-codes.ts";
import { renewRecoveryCodesInput } from "#app/domain/identity/second-factor/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/recovery-codes";
import { AlreadyShown, ShownCodes } from "./shown-codes.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:renew-recovery-codes");
    const { recoveryCodeSetId: setId, recoveryCodesLeft } = await readSecurity(context);
    if (!setId) throw redirect("/me/security");
    return { form: formOf(renewRecoveryCodesInput, { setId }), left: recoveryCodesLeft };
  });
}

/** The answer to the POST is the one page that holds the codes: no redirect, and nothing to come back to. */
export function action(args: Route.ActionArgs) {
  return submitWith(
    args,
    (context, input) =>
      renewRecoveryCodes(context, input).then(({ recoveryCodes }) => ({ recoveryCodes }), orAlreadyShown),
    (answer) => ("shown" in answer ? data(answer, { status: 409 }) : data(answer, { status: 201 })),
  );
}

function orAlreadyShown(error: unknown): { shown: true } {
  if (!(error instanceof DomainError) || error.code !== "already-done") throw error;
  return { shown: true };
}

export default function RenewRecoveryCodes({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const title = t("secondFactor.renewal.done");
  if (actionData && "recoveryCodes" in actionData)
    return <ShownCodes title={title} codes={actionData.recoveryCodes} goOn="/me/security" />;
  if (actionData && "shown" in actionData) return <AlreadyShown title={title} goOn="/me/security" />;
  return <RenewalForm loaderData={loaderData} refusal={actionData} />;
}

type Props = Pick<Route.ComponentProps, "loaderData"> & { refusal: Parameters<typeof useAppForm>[1] };

function RenewalForm({ loaderData, refusal }: Props) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, refusal);
  return (
    <FormPage
      title={t("secondFactor.renewal.title")}
      intro={t("secondFactor.renewal.intro", { count: loaderData.left })}
      breadcrumbs={[{ label: t("secondFactor.security.title"), to: "/me/security" }]}
      form={form}
    >
      <HiddenField field={fields.setId} />
      <SubmitButton>{t("secondFactor.renewal.submit")}</SubmitButton>
    </FormPage>
  );
}
