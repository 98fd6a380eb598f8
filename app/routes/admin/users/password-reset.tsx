import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getUser } from "#app/domain/identity/staff/read-users.ts";
import { sendPasswordResetInput } from "#app/domain/identity/staff/schema.ts";
import { sendPasswordReset } from "#app/domain/identity/staff/send-password-reset.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/password-reset";
import { ReasonForm } from "./reason-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:send-password-reset");
    const user = await getUser(context, args.params.user);
    return { user, form: formOf(sendPasswordResetInput.omit({ userId: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const user = href("/admin/users/:user", args.params);
  return submit(args, sendPasswordReset, () => redirectWithFlash(user, t("users.passwordReset.done")), {
    userId: args.params.user,
  });
}

export default function SendPasswordReset({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { user } = loaderData;
  return (
    <ReasonForm
      title={t("users.passwordReset.title", { user: user.name })}
      intro={t("users.passwordReset.intro")}
      user={user}
      form={form}
      reason={fields.reason}
      submit={t("users.passwordReset.submit")}
    />
  );
}
