import { useTranslation } from "react-i18next";
import type { OpenInvitation } from "#app/domain/invitations/read-invitations.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";

interface Props {
  invitation: Pick<OpenInvitation, "email" | "role" | "providerRole" | "inviterName"> & {
    accountName: string | null;
  };
  invalid: boolean;
}

/** Who invites, to what, and as what. */
export function InvitationHeader({ invitation, invalid }: Props) {
  const { t } = useTranslation();
  const { email, accountName, role, providerRole, inviterName } = invitation;
  return (
    <>
      <PageHeader
        title={
          accountName
            ? t("members.invitation.title", { account: accountName })
            : t("members.invitation.staffTitle")
        }
        description={
          accountName
            ? t("members.invitation.intro", { name: inviterName })
            : t("members.invitation.staffIntro", { name: inviterName })
        }
        invalid={invalid}
      />
      <DescriptionList
        items={[
          { term: t("members.invitation.email"), details: email },
          {
            term: t("accounts.role"),
            details: (
              <>
                {role ? t(`accounts.roles.${role}`) : providerRole && t(`users.roles.${providerRole}`)}{" "}
                <span className="block text-sm text-muted">
                  {role
                    ? t(`members.roleHints.${role}`)
                    : providerRole && t(`users.roleHints.${providerRole}`)}
                </span>
              </>
            ),
          },
        ]}
      />
      {providerRole && <p className="mt-4">{t("members.invitation.secondFactor")}</p>}
    </>
  );
}
