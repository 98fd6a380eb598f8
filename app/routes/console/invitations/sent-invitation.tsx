import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { SentInvitation as Sent } from "#app/domain/invitations/send-invitation.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SecretOnce } from "#app/ui/layout/code-block.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Timestamp } from "#app/ui/values.tsx";

/** An invitation that was just sent, with its link: the only page that ever shows it. */
export function SentInvitation({ sent, params }: { sent: Sent; params: { account: string } }) {
  const { t } = useTranslation();
  const members = href("/accounts/:account/members", params);
  // The form gave way to another page at the same address: begin at its top, for eyes and screen readers alike.
  useEffect(() => {
    window.scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <PageHeader
        title={t("members.invitations.sent.title", { email: sent.email })}
        description={
          <>
            {t("members.invitations.sent.intro")} <Timestamp at={sent.expiresAt} />.
          </>
        }
        breadcrumbs={[{ label: t("members.title"), to: members }]}
      />
      <SecretOnce label={t("members.invitations.sent.link")} secret={sent.link}>
        {t("members.invitations.sent.advice")}
      </SecretOnce>
      <p className="mt-6">
        <ButtonLink variant="primary" to={members}>
          {t("members.invitations.sent.back")}
        </ButtonLink>
      </p>
    </>
  );
}
