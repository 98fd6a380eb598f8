import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { disableUser } from "#app/domain/identity/staff/disable-user.ts";
import { getUser } from "#app/domain/identity/staff/read-users.ts";
import { disableUserInput } from "#app/domain/identity/staff/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/disabling";
import { ReasonForm } from "./reason-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:disable");
    const user = await getUser(context, args.params.user);
    return { user, form: formOf(disableUserInput.omit({ userId: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const user = href("/admin/users/:user", args.params);
  return submit(args, disableUser, () => redirectWithFlash(user, t("users.disabling.done")), {
    userId: args.params.user,
  });
}

export default function DisableUser({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { user } = loaderData;
  return (
    <ReasonForm
      title={t("users.disabling.title", { user: user.name })}
      intro={t("users.disabling.intro")}
      user={user}
      form={form}
      reason={fields.reason}
      submit={t("users.disabling.submit")}
      variant="danger"
    />
  );
}
