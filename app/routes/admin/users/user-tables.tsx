import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import type { OpenSession } from "#app/domain/identity/sessions/read-sessions.ts";
import type { UserEvent } from "#app/domain/identity/staff/read-user-history.ts";
import type { listIdentitiesOf, Membership } from "#app/domain/identity/staff/read-users.ts";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { useDeviceName } from "#app/ui/profile/device-name.ts";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import { Muted } from "./user-state.tsx";

export function Memberships({ memberships }: { memberships: Membership[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      caption={t("users.accounts")}
      rows={memberships}
      rowKey={({ slug }) => slug}
      empty={<p className="text-muted">{t("users.user.noAccounts")}</p>}
      columns={[
        {
          key: "account",
          header: t("users.user.account"),
          cell: ({ slug, name }) => (
            <Link to={href("/admin/accounts/:account", { account: slug })}>{name}</Link>
          ),
        },
        { key: "role", header: t("accounts.role"), cell: ({ role }) => t(`accounts.roles.${role}`) },
        {
          key: "since",
          header: t("users.user.memberSince"),
          cell: ({ since }) => <Timestamp at={since} style="date" />,
        },
      ]}
    />
  );
}

export function Sessions({ sessions }: { sessions: OpenSession[] }) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  return (
    <DataTable
      caption={t("profile.sessions.title")}
      rows={sessions}
      rowKey={({ id }) => id}
      empty={<p className="text-muted">{t("users.user.noSessions")}</p>}
      columns={[
        {
          key: "device",
          header: t("profile.sessions.device"),
          cell: ({ device, isCurrent }) => (
            <>
              {deviceName(device)}
              {isCurrent && (
                <span className="block text-sm font-normal text-muted">{t("profile.sessions.current")}</span>
              )}
            </>
          ),
        },
        {
          key: "address",
          header: t("profile.sessions.address"),
          cell: ({ address }) => address ?? <Muted>{t("profile.sessions.unknownAddress")}</Muted>,
        },
        {
          key: "created",
          header: t("profile.sessions.createdAt"),
          cell: ({ createdAt }) => <Timestamp at={createdAt} />,
        },
        {
          key: "lastSeen",
          header: t("profile.sessions.lastSeenAt"),
          cell: ({ lastSeenAt }) => <Timestamp at={lastSeenAt} />,
        },
      ]}
    />
  );
}

export function Identities({ identities }: { identities: Awaited<ReturnType<typeof listIdentitiesOf>> }) {
  const { t } = useTranslation();
  return (
    <div className="mt-4">
      <DataTable
        caption={t("users.user.identities")}
        showCaption
        rows={identities}
        rowKey={({ id }) => id}
        columns={[
          { key: "provider", header: t("users.user.provider"), cell: ({ provider }) => provider },
          {
            key: "label",
            header: t("users.user.identityLabel"),
            cell: ({ label }) => <span className="wrap-anywhere">{label}</span>,
          },
          {
            key: "linked",
            header: t("users.user.linkedAt"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} style="date" />,
          },
          {
            key: "used",
            header: t("users.user.lastUsedAt"),
            cell: ({ lastUsedAt }) =>
              lastUsedAt ? <Timestamp at={lastUsedAt} /> : <Muted>{t("users.user.neverUsed")}</Muted>,
          },
        ]}
      />
    </div>
  );
}

const eventWords = {
  "setup:complete": "users.events.setup",
  "sign-ups:confirm": "users.events.signUp",
  "invitations:accept": "users.events.invitation",
  "sessions:create": "users.events.signIn",
  "sessions:verify-second-factor": "users.events.code",
  "users:change-password": "users.events.password",
  "users:reset-password": "users.events.passwordReset",
  "users:confirm-email-change": "users.events.email",
  "users:enable-second-factor": "users.events.secondFactorOn",
  "users:disable-second-factor": "users.events.secondFactorOff",
  "users:send-password-reset": "users.events.passwordResetSent",
  "users:end-sessions": "users.events.sessionsEnded",
  "users:reset-second-factor": "users.events.secondFactorReset",
  "users:change-provider-role": "users.events.role",
  "users:disable": "users.events.disabled",
  "users:enable": "users.events.enabled",
  "operators:recover": "users.events.recoveryLink",
  "operators:complete-recovery": "users.events.recovered",
} as const satisfies Record<UserEvent["action"], string>;

export function History({ events }: { events: UserEvent[] }) {
  const { t } = useTranslation();
  return (
    <DataTable
      caption={t("users.user.history")}
      rows={events}
      rowKey={({ id }) => id}
      empty={<p className="text-muted">{t("users.user.noHistory")}</p>}
      columns={[
        {
          key: "what",
          header: t("users.user.event"),
          cell: ({ action, outcome, reason }) => (
            <>
              {t(eventWords[action])}{" "}
              {outcome !== "succeeded" && <StateTag tone="danger">{t("users.user.refused")}</StateTag>}
              {reason && (
                <span className="block text-sm font-normal whitespace-pre-line text-muted">{reason}</span>
              )}
            </>
          ),
        },
        { key: "at", header: t("users.user.when"), cell: ({ at }) => <Timestamp at={at} /> },
        {
          key: "who",
          header: t("users.user.by"),
          cell: ({ actorName }) => actorName ?? <Muted>{t("users.user.byPerson")}</Muted>,
        },
        {
          key: "address",
          header: t("profile.sessions.address"),
          cell: ({ address }) => address ?? <Muted>{t("profile.sessions.unknownAddress")}</Muted>,
        },
      ]}
    />
  );
}
