import { useTranslation } from "react-i18next";
import { redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { readSecurity } from "#app/domain/identity/second-factor/read-security.ts";
import { renewRecoveryCodes } from "#app/domain/identity/second-factor/renew-recovery-codes.ts";
import { renewRecoveryCodesInput } from "#app/domain/identity/second-factor/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load } from "#app/http/handlers.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/recovery-codes";
import { handOutCodes } from "./hand-out-codes.server.ts";
import { AlreadyShown, ShownCodes } from "./shown-codes.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:renew-recovery-codes");
    const { recoveryCodeSetId: setId, recoveryCodesLeft } = await readSecurity(context);
    if (!setId) throw redirect("/me/security");
    return { form: formOf(renewRecoveryCodesInput, { setId }), left: recoveryCodesLeft };
  });
}

export function action(args: Route.ActionArgs) {
  return handOutCodes(args, renewRecoveryCodes);
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
