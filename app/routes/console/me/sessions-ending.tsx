import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { endOwnSessions } from "#app/domain/identity/sessions/end-own-sessions.ts";
import { endOwnSessionsInput } from "#app/domain/identity/sessions/schema.ts";
import { sessionScopes } from "#app/domain/identity/sessions/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signedOutRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/sessions-ending";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "sessions:end-any");
    return { form: formOf(endOwnSessionsInput, { scope: "others" }) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, endOwnSessions, async ({ scope, ended }) =>
    scope === "all"
      ? withFlash(await signedOutRedirect(), t("profile.endSessions.doneAll"))
      : redirectWithFlash("/me/sessions", t("profile.endSessions.doneOthers", { count: ended })),
  );
}

export default function EndSessions({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("profile.endSessions.title")}
      intro={t("profile.endSessions.intro")}
      breadcrumbs={[{ label: t("profile.sessions.title"), to: "/me/sessions" }]}
      form={form}
    >
      <RadioGroupField
        field={fields.scope}
        label={t("profile.endSessions.scope")}
        options={sessionScopes.map((value) => ({
          value,
          label: t(`profile.endSessions.${value}`),
          hint: t(`profile.endSessions.${value}Hint`),
        }))}
      />
      <SubmitButton variant="danger">{t("profile.endSessions.submit")}</SubmitButton>
    </FormPage>
  );
}
