import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { DomainError } from "#app/domain/errors.ts";
import { findInvitation } from "#app/domain/invitations/read-invitations.ts";
import { requestInvitationMail } from "#app/domain/invitations/request-invitation-mail.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/invitation-mail";

export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const invitation = await findInvitation(args.params.token);
    if (!invitation) throw new DomainError("link-invalid");
    return { email: invitation.email };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(
    args,
    requestInvitationMail,
    () => redirectWithFlash(href("/invitations/:token", args.params), t("members.invitation.mail.done")),
    { token: args.params.token },
  );
}

export default function MailInvitation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <AuthLayout>
      <FormPage
        title={t("members.invitation.mail.title")}
        intro={t("members.invitation.mail.intro", { email: loaderData.email })}
        form={form}
        footer={<Link to={href("/invitations/:token", params)}>{t("members.invitation.back")}</Link>}
      >
        <SubmitButton>{t("members.invitation.mail.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
