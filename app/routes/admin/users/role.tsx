import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { changeProviderRole } from "#app/domain/identity/staff/change-provider-role.ts";
import { getUser } from "#app/domain/identity/staff/read-users.ts";
import { changeProviderRoleInput } from "#app/domain/identity/staff/schema.ts";
import { noProviderRole, providerRoleChoices } from "#app/domain/identity/staff/states.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/role";
import { ReasonForm } from "./reason-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:change-provider-role");
    const user = await getUser(context, args.params.user);
    const role = user.providerRole ?? noProviderRole;
    return { user, form: formOf(changeProviderRoleInput.omit({ userId: true }), { role }) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  // Whoever takes the role from themselves has no way to that page any more.
  return submit(
    args,
    changeProviderRole,
    ({ isSelf, after }) =>
      redirectWithFlash(
        isSelf && after !== "operator" ? "/" : href("/admin/users/:user", args.params),
        t("users.role.done"),
      ),
    { userId: args.params.user },
  );
}

export default function ChangeRole({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { user } = loaderData;
  return (
    <ReasonForm
      title={t("users.role.title", { user: user.name })}
      intro={t("users.role.intro")}
      user={user}
      form={form}
      reason={fields.reason}
      submit={t("users.role.submit")}
    >
      <RadioGroupField
        field={fields.role}
        label={t("users.staffRole")}
        options={providerRoleChoices.map((value) => ({
          value,
          label: t(`users.roles.${value}`),
          hint: t(`users.roleHints.${value}`),
        }))}
      />
    </ReasonForm>
  );
}
