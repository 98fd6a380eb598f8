import { useTranslation } from "react-i18next";
import type { SentInvitation } from "#app/domain/invitations/send-invitation.ts";
import { ButtonLink } from "../form/button.tsx";
import { SecretOnce } from "../layout/code-block.tsx";
import { type Breadcrumb, PageHeader } from "../layout/page-header.tsx";
import { useBeginAtTop } from "../use-begin-at-top.ts";
import { Timestamp } from "../values.tsx";

interface Props {
  sent: SentInvitation;
  breadcrumbs: Breadcrumb[];
  back: { label: string; to: string };
}

/** An invitation that was just sent, with its link: the only page that ever shows it. */
export function InvitationSent({ sent, breadcrumbs, back }: Props) {
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
        breadcrumbs={breadcrumbs}
      />
      <SecretOnce
        label={t("members.invitations.sent.link")}
        secret={sent.link}
        title={t("members.invitations.sent.once")}
      >
        {t("members.invitations.sent.advice")}
      </SecretOnce>
      <p className="mt-6">
        <ButtonLink variant="primary" to={back.to}>
          {back.label}
        </ButtonLink>
      </p>
    </>
  );
}
