import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { listOwnSessions, sessionsShown } from "#app/domain/identity/sessions/read-sessions.ts";
import { absoluteLimitMs, idleLimitMs } from "#app/domain/identity/sessions/sessions.ts";
import { load } from "#app/http/handlers.server.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { useDeviceName } from "#app/ui/profile/device-name.ts";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/sessions";

const hourMs = 3_600_000;

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const sessions = await listOwnSessions(context);
    return {
      sessions,
      isCut: sessions.length === sessionsShown,
      limits: { hours: idleLimitMs / hourMs, days: absoluteLimitMs / hourMs / 24 },
    };
  });
}

export default function Sessions({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  const { sessions, isCut, limits } = loaderData;
  return (
    <>
      <PageHeader
        title={t("profile.sessions.title")}
        description={t("profile.sessions.intro")}
        actions={<ButtonLink to="/me/sessions/ending">{t("profile.sessions.endAll")}</ButtonLink>}
      />
      {isCut && (
        <div className="mb-4">
          <Notice>{t("profile.sessions.cut", { count: sessions.length })}</Notice>
        </div>
      )}
      <DataTable
        caption={t("profile.sessions.title")}
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "device",
            header: t("profile.sessions.device"),
            cell: ({ device, isCurrent }) => (
              <>
                {deviceName(device)}{" "}
                {isCurrent && <StateTag tone="success">{t("profile.sessions.current")}</StateTag>}
              </>
            ),
          },
          {
            key: "address",
            header: t("profile.sessions.address"),
            // An IPv6 address is one long word.
            cell: ({ address }) => (
              <span className="block min-w-32 wrap-anywhere">
                {address ?? t("profile.sessions.unknownAddress")}
              </span>
            ),
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
          {
            key: "end",
            header: t("profile.sessions.actions"),
            cell: ({ id, device }) => (
              <Link
                to={href("/me/sessions/:session/ending", { session: id })}
                aria-label={t("profile.sessions.endNamed", { device: deviceName(device) })}
              >
                {t("profile.sessions.end")}
              </Link>
            ),
          },
        ]}
      />
      <p className="mt-4 text-sm text-muted">{t("profile.sessions.limits", limits)}</p>
    </>
  );
}
