import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { listKeysMadeBy } from "#app/domain/access-keys/read-access-keys.ts";
import { authorize } from "#app/domain/authorization.ts";
import { getMember } from "#app/domain/members/read-members.ts";
import { removeMemberInput } from "#app/domain/members/schema.ts";
import { removeMember } from "#app/domain/people/remove-member.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField } from "#app/ui/form/choice-fields.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/removal";
import { memberBreadcrumbs } from "./member-breadcrumbs.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "members:remove");
    const { userId, name, email, role, isSelf } = await getMember(context, uuidOr404(args.params.member));
    if (isSelf) throw redirect(href("/accounts/:account/leaving", args.params));
    const keys = await listKeysMadeBy(context, userId);
    const form = formOf(removeMemberInput.omit({ id: true }));
    return { name, email, role, keyNames: keys.map((key) => key.name), form };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => removeMember(context, { ...input, id: uuidOr404(args.params.member) }),
    ({ name }) =>
      redirectWithFlash(href("/accounts/:account/members", args.params), t("members.removal.done", { name })),
  );
}

export default function RemoveMember({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { name, email, role, keyNames } = loaderData;
  return (
    <FormPage
      title={t("members.removal.title", { name })}
      intro={t("members.removal.intro")}
      breadcrumbs={memberBreadcrumbs(t, params, name)}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("auth.email"), details: <span className="wrap-anywhere">{email}</span> },
          { term: t("accounts.role"), details: t(`accounts.roles.${role}`) },
        ]}
      />
      {keyNames.length > 0 ? (
        <CheckboxField
          field={{ ...fields.revokeKeys, required: false }}
          label={t("members.removal.keys", { count: keyNames.length })}
          hint={t("members.removal.keysHint", { names: keyNames.join(", ") })}
        />
      ) : (
        <p>{t("members.removal.noKeys")}</p>
      )}
      <SubmitButton variant="danger">{t("members.removal.submit")}</SubmitButton>
    </FormPage>
  );
}
