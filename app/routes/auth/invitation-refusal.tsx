import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { DomainError } from "#app/domain/errors.ts";
import { declineInvitation } from "#app/domain/invitations/decline-invitation.ts";
import { findInvitation } from "#app/domain/invitations/read-invitations.ts";
import { visitContext } from "#app/http/context.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import type { Route } from "./+types/invitation-refusal";

export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const invitation = await findInvitation(args.params.token);
    if (!invitation) throw new DomainError("link-invalid");
    return { accountName: invitation.account?.name ?? null };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const { user } = args.context.get(visitContext);
  return submit(
    args,
    declineInvitation,
    () => redirectWithFlash(user ? "/accounts" : "/login", t("members.invitation.refusal.done")),
    { token: args.params.token },
  );
}

export default function DeclineInvitation({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { accountName } = loaderData;
  return (
    <AuthLayout>
      <FormPage
        title={t("members.invitation.refusal.title")}
        intro={
          accountName
            ? t("members.invitation.refusal.intro", { account: accountName })
            : t("members.invitation.refusal.staffIntro")
        }
        form={form}
        footer={<Link to={href("/invitations/:token", params)}>{t("members.invitation.back")}</Link>}
      >
        <SubmitButton variant="danger">{t("members.invitation.refusal.submit")}</SubmitButton>
      </FormPage>
    </AuthLayout>
  );
}
