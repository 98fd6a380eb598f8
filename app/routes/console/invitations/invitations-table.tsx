import { useTranslation } from "react-i18next";
import { href } from "react-router";
import type { InvitationListed } from "#app/domain/invitations/read-invitations.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Timestamp } from "#app/ui/values.tsx";

interface Props {
  invitations: InvitationListed[];
  params: { account: string };
}

/** Invitations that nobody has answered, each with what can be done about it. */
export function InvitationsTable({ invitations, params }: Props) {
  const { t } = useTranslation();
  return (
    <DataTable
      caption={t("members.invitations.title")}
      rows={invitations}
      rowKey={({ id }) => id}
      empty={
        <EmptyState title={t("members.invitations.none")}>{t("members.invitations.noneAdvice")}</EmptyState>
      }
      columns={[
        {
          key: "email",
          header: t("auth.email"),
          cell: ({ email, role, invitedBy }) => (
            <>
              <span className="wrap-anywhere">{email}</span>{" "}
              <span className="block text-sm font-normal text-muted">
                {role && t(`accounts.roles.${role}`)}
                {invitedBy && `, ${t("members.invitations.invitedBy", { name: invitedBy })}`}
              </span>
            </>
          ),
        },
        {
          key: "state",
          header: t("accounts.state"),
          cell: ({ state }) => (
            <StateTag tone={state === "pending" ? "info" : "warning"}>
              {t(`members.invitations.states.${state}`)}
            </StateTag>
          ),
        },
        {
          key: "expires",
          header: t("members.invitations.expiresAt"),
          cell: ({ expiresAt }) => <Timestamp at={expiresAt} style="date" />,
        },
        {
          key: "actions",
          header: t("members.invitations.actions"),
          cell: ({ id, email }) => <Actions params={{ ...params, invitation: id }} email={email} />,
        },
      ]}
    />
  );
}

function Actions({ params, email }: { params: { account: string; invitation: string }; email: string }) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap gap-2 xl:flex-nowrap">
      <ButtonLink to={href("/accounts/:account/invitations/:invitation/resending", params)}>
        {t("members.invitations.resending.link")}
        <span className="sr-only"> ({email})</span>
      </ButtonLink>
      <ButtonLink to={href("/accounts/:account/invitations/:invitation/cancellation", params)}>
        {t("members.invitations.cancellation.link")}
        <span className="sr-only"> ({email})</span>
      </ButtonLink>
    </div>
  );
}
