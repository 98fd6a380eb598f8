import { useTranslation } from "react-i18next";
import { readEmailState, requestEmailChange } from "#app/domain/identity/email/request-email-change.ts";
import { requestEmailChangeInput } from "#app/domain/identity/email/schema.ts";
import { inEqualTime } from "#app/http/equal-time.server.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/email";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readEmailState(context)),
    form: formOf(requestEmailChangeInput),
  }));
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => inEqualTime(requestEmailChange(context, input)),
    () => redirectWithFlash("/me/email", t("passwords.email.sent")),
  );
}

export default function ChangeEmail({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { email, waitingFor } = loaderData;
  return (
    <FormPage
      title={t("passwords.email.title")}
      intro={t("passwords.email.intro")}
      breadcrumbs={[{ label: t("passwords.security"), to: "/me/security" }]}
      form={form}
    >
      <DescriptionList items={[{ term: t("passwords.email.current"), details: email }]} />
      {waitingFor && (
        <Notice title={t("passwords.email.waiting", { email: waitingFor })}>
          <p>{t("passwords.email.waitingText")}</p>
        </Notice>
      )}
      <TextField field={fields.email} type="email" autoComplete="email" label={t("passwords.email.new")} />
      <SubmitButton>{t("passwords.email.submit")}</SubmitButton>
    </FormPage>
  );
}
