import { useTranslation } from "react-i18next";
import type { SentInvitation } from "#app/domain/invitations/send-invitation.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SecretOnce } from "#app/ui/layout/code-block.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";
import { Timestamp } from "#app/ui/values.tsx";

/** An invitation that was just sent, with its link: the only page that ever shows it. */
export function SentStaffInvitation({ sent }: { sent: SentInvitation }) {
  const { t } = useTranslation();
  useBeginAtTop();
  return (
    <>
      <PageHeader
        title={t("members.invitations.sent.title", { email: sent.email })}
        description={
          <>
            {t("members.invitations.sent.intro")} <Timestamp at={sent.expiresAt} />.
          </>
        }
        breadcrumbs={[
          { label: t("users.title"), to: "/admin/users" },
          { label: t("users.invitations.title"), to: "/admin/users/invitations" },
        ]}
      />
      <SecretOnce label={t("members.invitations.sent.link")} secret={sent.link}>
        {t("members.invitations.sent.advice")}
      </SecretOnce>
      <p className="mt-6">
        <ButtonLink variant="primary" to="/admin/users/invitations">
          {t("users.invitations.all")}
        </ButtonLink>
      </p>
    </>
  );
}
