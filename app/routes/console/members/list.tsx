import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { userIdOf } from "#app/domain/context.ts";
import { listInvitations } from "#app/domain/invitations/read-invitations.ts";
import { listMembers, type MemberListed } from "#app/domain/members/read-members.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import { InvitationsTable } from "../invitations/invitations-table.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [page, invitations] = await Promise.all([
      listMembers(context, Object.fromEntries(args.url.searchParams)),
      listInvitations(context, {}),
    ]);
    return {
      members: page.members,
      search: page.filter.q,
      ...pagerLinks(page, page.filter.q ? page.filter : {}),
      invitations: invitations.invitations,
      hasMoreInvitations: invitations.next !== null,
      ownId: userIdOf(context),
      canInvite: can(context, "invitations:create"),
    };
  });
}

export default function Members({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { members, search, newer, older, invitations, hasMoreInvitations, ownId, canInvite } = loaderData;
  const invite = canInvite && (
    <ButtonLink variant="primary" to={href("/accounts/:account/invitations/new", params)}>
      {t("members.invitations.new.link")}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t("members.title")} description={t("members.intro")} actions={invite} />
      <div className="mb-5">
        <SearchForm label={t("members.search")} value={search} />
      </div>
      <DataTable
        caption={t("members.title")}
        rows={members}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t("members.noMatch")}>{t("members.noMatchAdvice")}</EmptyState>}
        columns={[
          {
            key: "person",
            header: t("members.person"),
            cell: (member) => <Person member={member} ownId={ownId} params={params} />,
          },
          {
            key: "role",
            header: t("accounts.role"),
            cell: ({ role }) => <span className="whitespace-nowrap">{t(`accounts.roles.${role}`)}</span>,
          },
          {
            key: "since",
            header: t("members.since"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} style="date" />,
          },
          {
            key: "factor",
            header: t("members.secondFactor"),
            cell: ({ hasSecondFactor }) =>
              t(hasSecondFactor ? "members.hasSecondFactor" : "members.noSecondFactor"),
          },
          {
            key: "seen",
            header: t("members.lastSeen"),
            cell: ({ lastSeenAt }) =>
              lastSeenAt ? <Timestamp at={lastSeenAt} style="date" /> : t("members.notSeen"),
          },
        ]}
      />
      <Pager newer={newer} older={older} />
      <Section
        title={t("members.invitations.title")}
        description={t("members.invitations.intro")}
        actions={
          hasMoreInvitations && (
            <Link to={href("/accounts/:account/invitations", params)}>{t("members.invitations.all")}</Link>
          )
        }
      >
        <InvitationsTable invitations={invitations} params={params} />
      </Section>
    </>
  );
}

interface PersonProps {
  member: MemberListed;
  ownId: string;
  params: { account: string };
}

function Person({ member: { id, userId, name, email, isDisabled }, ownId, params }: PersonProps) {
  const { t } = useTranslation();
  return (
    <>
      <Link to={href("/accounts/:account/members/:member", { ...params, member: id })}>{name}</Link>{" "}
      {userId === ownId && t("members.you")}
      {isDisabled && <StateTag tone="warning">{t("members.disabled")}</StateTag>}{" "}
      <span className="block font-normal wrap-anywhere text-muted">{email}</span>
    </>
  );
}
