import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { countAccounts } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { readEngine } from "#app/domain/storage-engine/read-engine.ts";
import { countCollections } from "#app/domain/usage/read-collections.ts";
import { load } from "#app/http/handlers.server.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Stat, StatGrid } from "#app/ui/layout/stats.tsx";
import { EngineState } from "#app/ui/storage-engine/engine-state.tsx";
import { Count, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/overview";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    if (!can(context, "accounts:list")) return null;
    const [counts, usage, engine] = await Promise.all([
      countAccounts(context),
      countCollections(context),
      readEngine(context),
    ]);
    return { counts, usage, engine };
  });
}

export default function AdminOverview({ loaderData }: Route.ComponentProps) {
  return loaderData ? <Overview data={loaderData} /> : <NothingToRead />;
}

/** The provider's auditor reads logs and settings, of which there is no page here. */
function NothingToRead() {
  const { t } = useTranslation();
  return (
    <>
      <PageHeader title={t("admin.overview.title")} />
      <Notice title={t("users.auditor.title")}>{t("users.auditor.text")}</Notice>
    </>
  );
}

function Overview({ data }: { data: NonNullable<Route.ComponentProps["loaderData"]> }) {
  const { t } = useTranslation();
  const { counts, usage, engine } = data;
  return (
    <>
      <PageHeader title={t("admin.overview.title")} description={t("admin.overview.intro")} />
      {counts.failing > 0 && (
        <div className="mb-6">
          <Notice tone="danger" title={t("admin.overview.failing", { count: counts.failing })}>
            <p>
              <Link to="/admin/accounts?state=approved">{t("admin.overview.failingLink")}</Link>
            </p>
          </Notice>
        </div>
      )}
      {usage.failing > 0 && (
        <div className="mb-6">
          <Notice tone="danger" title={t("usage.admin.noticeFailing", { count: usage.failing })}>
            <p>
              <Link to="/admin/usage?state=failing">{t("usage.admin.noticeLink")}</Link>
            </p>
          </Notice>
        </div>
      )}
      <StatGrid>
        <Stat
          label={t("admin.overview.pending")}
          value={<Count value={counts.pending} />}
          note={
            <Link to="/admin/accounts?state=pending" className="inline-block py-0.5">
              {t("admin.overview.pendingLink")}
            </Link>
          }
        />
        <Stat label={t("admin.overview.provisioning")} value={<Count value={counts.provisioning} />} />
        <Stat label={t("admin.overview.active")} value={<Count value={counts.active} />} />
        <Stat
          label={t("usage.admin.lastMeasured")}
          value={
            <span className="text-lg">
              {usage.measuredAt ? <Timestamp at={usage.measuredAt} /> : t("usage.admin.never")}
            </span>
          }
          note={
            <Link to="/admin/usage" className="inline-block py-0.5">
              {t("usage.admin.link")}
            </Link>
          }
        />
      </StatGrid>
      <EngineState engine={engine} />
    </>
  );
}
