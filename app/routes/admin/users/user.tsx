import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { can } from "#app/domain/authorization.ts";
import { listSessionsOf } from "#app/domain/identity/sessions/read-sessions.ts";
import { listUserHistory } from "#app/domain/identity/staff/read-user-history.ts";
import { getUser, listIdentitiesOf, listMembershipsOf } from "#app/domain/identity/staff/read-users.ts";
import { load } from "#app/http/handlers.server.ts";
import { localeNames } from "#app/locales/index.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/user";
import { Muted, ProviderRole, UserState } from "./user-state.tsx";
import { History, Identities, Memberships, Sessions } from "./user-tables.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const id = args.params.user;
    const [user, memberships, sessions, identities, history] = await Promise.all([
      getUser(context, id),
      listMembershipsOf(context, id),
      listSessionsOf(context, id),
      listIdentitiesOf(context, id),
      listUserHistory(context, id),
    ]);
    const isSelf = context.actor.kind === "user" && context.actor.userId === id;
    return {
      user,
      memberships,
      sessions,
      identities,
      history,
      isSelf,
      canAct: can(context, "users:disable") && user.state !== "closed",
    };
  });
}

export default function User({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { user, memberships, sessions, identities, history, isSelf, canAct } = loaderData;
  return (
    <>
      <PageHeader
        title={user.name}
        breadcrumbs={[{ label: t("users.title"), to: "/admin/users" }]}
        tag={<UserState state={user.state} />}
        actions={
          canAct && (
            <>
              <ButtonLink to={href("/admin/users/:user/role", params)}>{t("users.role.link")}</ButtonLink>
              {user.state === "disabled" ? (
                <ButtonLink variant="primary" to={href("/admin/users/:user/enabling", params)}>
                  {t("users.enabling.link")}
                </ButtonLink>
              ) : (
                !isSelf && (
                  <ButtonLink variant="danger" to={href("/admin/users/:user/disabling", params)}>
                    {t("users.disabling.link")}
                  </ButtonLink>
                )
              )}
            </>
          )
        }
      />
      <Section title={t("users.user.profile")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("auth.email"), details: <span className="wrap-anywhere">{user.email}</span> },
              { term: t("users.staffRole"), details: <ProviderRole role={user.providerRole} /> },
              { term: t("users.user.language"), details: languageName(user.locale) },
              { term: t("users.user.timeZone"), details: user.timeZone ?? t("users.user.noTimeZone") },
              { term: t("users.user.createdAt"), details: <Timestamp at={user.createdAt} /> },
              ...(user.disabledAt && user.state === "disabled"
                ? [{ term: t("users.user.disabledAt"), details: <Timestamp at={user.disabledAt} /> }]
                : []),
              ...(user.closedAt
                ? [{ term: t("users.user.closedAt"), details: <Timestamp at={user.closedAt} /> }]
                : []),
              { term: t("users.user.id"), details: <code className="break-all">{user.id}</code> },
            ]}
          />
        </Card>
      </Section>
      <Section
        title={t("users.user.signIn")}
        actions={
          canAct && (
            <>
              {user.state === "active" && !isSelf && (
                <ButtonLink to={href("/admin/users/:user/password-reset", params)}>
                  {t("users.passwordReset.link")}
                </ButtonLink>
              )}
              {user.secondFactorSince && !isSelf && (
                <ButtonLink to={href("/admin/users/:user/second-factor", params)}>
                  {t("users.secondFactorReset.link")}
                </ButtonLink>
              )}
            </>
          )
        }
      >
        <Card>
          <DescriptionList
            items={[
              { term: t("users.user.password"), details: t(user.hasPassword ? "users.yes" : "users.no") },
              { term: t("secondFactor.security.secondFactor"), details: <SecondFactor user={user} t={t} /> },
            ]}
          />
        </Card>
        {identities.length > 0 && <Identities identities={identities} />}
      </Section>
      <Section title={t("users.accounts")}>
        <Memberships memberships={memberships} />
      </Section>
      <Section
        title={t("profile.sessions.title")}
        actions={
          canAct &&
          !isSelf &&
          sessions.length > 0 && (
            <ButtonLink to={href("/admin/users/:user/sessions", params)}>
              {t("users.sessions.link")}
            </ButtonLink>
          )
        }
      >
        <Sessions sessions={sessions} />
      </Section>
      <Section title={t("users.user.history")} description={t("users.user.historyIntro")}>
        <History events={history} />
      </Section>
    </>
  );
}

function SecondFactor({ user, t }: { user: Route.ComponentProps["loaderData"]["user"]; t: TFunction }) {
  if (!user.secondFactorSince) return <Muted>{t("users.no")}</Muted>;
  return (
    <>
      {t("users.user.since")} <Timestamp at={user.secondFactorSince} />
      <span className="block text-sm text-muted">
        {t("users.user.recoveryCodes", { count: user.recoveryCodesLeft })}
      </span>
    </>
  );
}

/** As it calls itself; what is stored may be of a language that is no longer there. */
function languageName(locale: string): string {
  return (localeNames as Record<string, string>)[locale] ?? locale;
}
