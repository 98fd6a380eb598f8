import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { listStaffInvitations } from "#app/domain/invitations/read-invitations.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import { ProviderRole } from "../user-state.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listStaffInvitations(context, Object.fromEntries(args.url.searchParams));
    return {
      invitations: page.invitations,
      ...pagerLinks(page),
      canInvite: can(context, "staff-invitations:create"),
    };
  });
}

export default function StaffInvitations({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { invitations, newer, older, canInvite } = loaderData;
  const invite = canInvite && (
    <ButtonLink variant="primary" to="/admin/users/invitations/new">
      {t("users.invitations.new.link")}
    </ButtonLink>
  );
  const isEmpty = invitations.length === 0;
  return (
    <>
      <PageHeader
        title={t("users.invitations.title")}
        description={t("users.invitations.intro")}
        breadcrumbs={[{ label: t("users.title"), to: "/admin/users" }]}
        actions={!isEmpty && invite}
      />
      <DataTable
        caption={t("users.invitations.title")}
        rows={invitations}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t("users.invitations.empty")} action={invite}>
            {t("users.invitations.emptyAdvice")}
          </EmptyState>
        }
        columns={[
          {
            key: "email",
            header: t("auth.email"),
            cell: ({ email, providerRole, invitedBy }) => (
              <>
                <span className="wrap-break-word">{email}</span>
                <span className="block text-sm font-normal text-muted">
                  <ProviderRole role={providerRole} />
                  {invitedBy && `, ${t("members.invitations.invitedBy", { name: invitedBy })}`}
                </span>
              </>
            ),
          },
          {
            key: "state",
            header: t("users.state"),
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
          ...(canInvite
            ? [
                {
                  key: "actions",
                  header: t("members.invitations.actions"),
                  cell: ({ id, email }: { id: string; email: string }) => <Actions id={id} email={email} />,
                },
              ]
            : []),
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}

function Actions({ id, email }: { id: string; email: string }) {
  const { t } = useTranslation();
  const params = { staffInvitation: id };
  return (
    <div className="flex flex-wrap gap-2">
      <ButtonLink to={href("/admin/users/invitations/:staffInvitation/resending", params)}>
        {t("members.invitations.resending.link")}
        <span className="sr-only"> ({email})</span>
      </ButtonLink>
      <ButtonLink to={href("/admin/users/invitations/:staffInvitation/cancellation", params)}>
        {t("members.invitations.cancellation.link")}
        <span className="sr-only"> ({email})</span>
      </ButtonLink>
    </div>
  );
}
