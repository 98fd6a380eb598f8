import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { listAccessKeys } from "#app/domain/access-keys/read-access-keys.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { AccessKeyState } from "./access-key-state.tsx";
import { BucketScope } from "./bucket-scope.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listAccessKeys(context, Object.fromEntries(args.url.searchParams));
    const isActive = context.access.accountState === "active";
    return {
      accessKeys: page.accessKeys,
      ...pagerLinks(page),
      canCreate: isActive && can(context, "access-keys:create"),
      standing: isActive ? null : await getAccount(context),
    };
  });
}

export default function AccessKeys({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { accessKeys, newer, older, canCreate, standing } = loaderData;
  useRefreshWhile(accessKeys.some(({ state }) => state === "revoking" || state === "provisioning"));
  const create = canCreate && (
    <ButtonLink variant="primary" to={href("/accounts/:account/access-keys/new", params)}>
      {t("accessKeys.new.link")}
    </ButtonLink>
  );
  const isEmpty = accessKeys.length === 0;
  return (
    <>
      <PageHeader
        title={t("accessKeys.title")}
        description={t("accessKeys.intro")}
        actions={!isEmpty && create}
      />
      {standing && <AccountStanding account={standing} />}
      <DataTable
        caption={t("accessKeys.title")}
        rows={accessKeys}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t("accessKeys.empty")} action={create}>
            {t(canCreate ? "accessKeys.emptyAdvice" : "accessKeys.emptyElse")}
          </EmptyState>
        }
        columns={[
          {
            key: "name",
            header: t("accessKeys.name"),
            cell: ({ id, name, maskedId }) => (
              <>
                <Link to={href("/accounts/:account/access-keys/:key", { ...params, key: id })}>{name}</Link>
                <code className="block font-normal">
                  <span className="sr-only">{t("accessKeys.accessKeyId")}: </span>
                  {maskedId}
                </code>
              </>
            ),
          },
          {
            key: "access",
            header: t("accessKeys.access"),
            cell: ({ permission, ...key }) => (
              <div>
                {t(`accessKeys.permissions.${permission}`)}
                <span className="block text-sm text-muted">
                  <BucketScope {...key} />
                </span>
              </div>
            ),
          },
          {
            key: "state",
            header: t("accessKeys.state"),
            cell: ({ state }) => <AccessKeyState state={state} />,
          },
          {
            key: "created",
            header: t("accessKeys.createdAt"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} style="date" />,
          },
          {
            key: "expires",
            header: t("accessKeys.expiresAt"),
            cell: ({ expiresAt }) =>
              expiresAt ? <InstallationTime at={expiresAt} style="date" /> : t("accessKeys.neverExpires"),
          },
        ]}
      />
      <Pager newer={newer} older={older} />
    </>
  );
}
