import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { changeRole } from "#app/domain/members/change-role.ts";
import { getMember } from "#app/domain/members/read-members.ts";
import { changeRoleInput } from "#app/domain/members/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/role";
import { memberBreadcrumbs } from "./member-breadcrumbs.ts";
import { RoleField } from "./role-field.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "members:change-role");
    const { name, role, isSelf } = await getMember(context, uuidOr404(args.params.member));
    return { name, isSelf, form: formOf(changeRoleInput.omit({ id: true }), { role }) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => changeRole(context, { ...input, id: uuidOr404(args.params.member) }),
    ({ name, isOwn, role }) =>
      redirectWithFlash(
        // Whoever gave up their own ownership sees the members no more.
        isOwn && role !== "owner"
          ? href("/accounts/:account", args.params)
          : href("/accounts/:account/members/:member", args.params),
        t("members.role.done", { name }),
      ),
  );
}

export default function ChangeRole({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, isSelf } = loaderData;
  return (
    <FormPage
      title={t("members.role.title", { name })}
      intro={t("members.role.intro")}
      breadcrumbs={memberBreadcrumbs(t, params, name)}
      form={form}
    >
      {isSelf && <Notice tone="warning" title={t("members.role.own")} />}
      <RoleField field={fields.role} />
      <SubmitButton>{t("members.role.submit")}</SubmitButton>
    </FormPage>
  );
}
