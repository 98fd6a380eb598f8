import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { getMember } from "#app/domain/members/read-members.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/member";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    member: await getMember(context, uuidOr404(args.params.member)),
    canAct: can(context, "members:change-role"),
  }));
}

export default function Member({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { member, canAct } = loaderData;
  const { name, email, role, createdAt, hasSecondFactor, lastSeenAt, isDisabled } = member;
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={[{ label: t("members.title"), to: href("/accounts/:account/members", params) }]}
        actions={canAct && <Actions member={member} params={params} />}
      />
      {isDisabled && (
        <div className="mb-6">
          <Notice tone="warning" title={t("members.disabledText")} />
        </div>
      )}
      <Card>
        <DescriptionList
          items={[
            { term: t("auth.email"), details: <span className="wrap-anywhere">{email}</span> },
            {
              term: t("accounts.role"),
              details: (
                <>
                  {t(`accounts.roles.${role}`)}
                  <span className="block text-sm text-muted">{t(`members.roleHints.${role}`)}</span>
                </>
              ),
            },
            { term: t("members.since"), details: <Timestamp at={createdAt} /> },
            {
              term: t("secondFactor.security.secondFactor"),
              details: t(hasSecondFactor ? "members.hasSecondFactor" : "members.noSecondFactor"),
            },
            {
              term: t("members.lastSeen"),
              details: lastSeenAt ? <Timestamp at={lastSeenAt} style="date" /> : t("members.notSeen"),
            },
          ]}
        />
      </Card>
    </>
  );
}

interface ActionsProps {
  member: Route.ComponentProps["loaderData"]["member"];
  params: Route.ComponentProps["params"];
}

function Actions({ member: { role, isSelf, isDisabled }, params }: ActionsProps) {
  const { t } = useTranslation();
  return (
    <>
      <ButtonLink to={href("/accounts/:account/members/:member/role", params)}>
        {t("members.role.link")}
      </ButtonLink>
      {role !== "owner" && !isDisabled && (
        <ButtonLink to={href("/accounts/:account/members/:member/ownership", params)}>
          {t("members.ownership.link")}
        </ButtonLink>
      )}
      {isSelf ? (
        <ButtonLink to={href("/accounts/:account/leaving", params)}>{t("members.leaving.link")}</ButtonLink>
      ) : (
        <ButtonLink to={href("/accounts/:account/members/:member/removal", params)}>
          {t("members.removal.link")}
        </ButtonLink>
      )}
    </>
  );
}
