import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { resetSecondFactor } from "#app/domain/identity/second-factor/reset-second-factor.ts";
import { resetSecondFactorInput } from "#app/domain/identity/second-factor/schema.ts";
import { getUser } from "#app/domain/identity/staff/read-users.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/second-factor";
import { ReasonForm } from "./reason-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:reset-second-factor");
    const user = await getUser(context, args.params.user);
    return { user, form: formOf(resetSecondFactorInput.omit({ userId: true })) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const user = href("/admin/users/:user", args.params);
  return submit(args, resetSecondFactor, () => redirectWithFlash(user, t("users.secondFactorReset.done")), {
    userId: args.params.user,
  });
}

export default function ResetSecondFactor({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { user } = loaderData;
  return (
    <ReasonForm
      title={t("users.secondFactorReset.title", { user: user.name })}
      intro={t("users.secondFactorReset.intro")}
      user={user}
      form={form}
      reason={fields.reason}
      submit={t("users.secondFactorReset.submit")}
      variant="danger"
    />
  );
}
