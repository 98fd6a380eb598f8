import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { listInvitations } from "#app/domain/invitations/read-invitations.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import type { Route } from "./+types/list";
import { InvitationsTable } from "./invitations-table.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listInvitations(context, Object.fromEntries(args.url.searchParams));
    return {
      invitations: page.invitations,
      ...pagerLinks(page),
      canInvite: can(context, "invitations:create"),
    };
  });
}

export default function Invitations({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { invitations, newer, older, canInvite } = loaderData;
  return (
    <>
      <PageHeader
        title={t("members.invitations.title")}
        description={t("members.invitations.intro")}
        breadcrumbs={[{ label: t("members.title"), to: href("/accounts/:account/members", params) }]}
        actions={
          canInvite && (
            <ButtonLink variant="primary" to={href("/accounts/:account/invitations/new", params)}>
              {t("members.invitations.new.link")}
            </ButtonLink>
          )
        }
      />
      <InvitationsTable invitations={invitations} params={params} />
      <Pager newer={newer} older={older} />
    </>
  );
}
