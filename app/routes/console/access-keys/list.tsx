import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { readLastUse } from "#app/domain/access-keys/last-use.ts";
import { listAccessKeys } from "#app/domain/access-keys/read-access-keys.ts";
import { accessKeyFilters, isStanding, isUnderWay } from "#app/domain/access-keys/states.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { listRotationMarks } from "#app/domain/rotations/read-rotations.ts";
import { load } from "#app/http/handlers.server.ts";
import { pagerLinks } from "#app/http/pager-links.ts";
import { LastUse } from "#app/ui/access-keys/last-use.tsx";
import { RotationMark } from "#app/ui/access-keys/rotation-mark.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { SearchForm } from "#app/ui/form/search-form.tsx";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { type Column, DataTable } from "#app/ui/table/data-table.tsx";
import { Pager } from "#app/ui/table/pager.tsx";
import { useRefreshWhile } from "#app/ui/use-refresh-while.ts";
import { InstallationTime, Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/list";
import { AccessKeyState } from "./access-key-state.tsx";
import { BucketScope } from "./bucket-scope.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const page = await listAccessKeys(context, Object.fromEntries(args.url.searchParams));
    const ids = page.accessKeys.map(({ id }) => id);
    const [uses, marks] = await Promise.all([readLastUse(context, ids), listRotationMarks(context, ids)]);
    const isActive = context.access.accountState === "active";
    return {
      accessKeys: page.accessKeys.map((key) => ({
        ...key,
        lastUse: uses.get(key.id),
        rotation: marks.get(key.id),
      })),
      filter: page.filter,
      ...pagerLinks(page, page.filter),
      canCreate: isActive && can(context, "access-keys:create"),
      standing: isActive ? null : await getAccount(context),
    };
  });
}

export default function AccessKeys({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { accessKeys, filter, newer, older, canCreate, standing } = loaderData;
  useRefreshWhile(accessKeys.some(({ state }) => isUnderWay(state)));
  const create = canCreate && (
    <ButtonLink variant="primary" to={href("/accounts/:account/access-keys/new", params)}>
      {t("accessKeys.new.link")}
    </ButtonLink>
  );
  const isEmpty = accessKeys.length === 0 && !filter.q && !filter.state && !newer;
  return (
    <>
      <PageHeader
        title={t("accessKeys.title")}
        description={t("accessKeys.intro")}
        actions={!isEmpty && create}
      />
      {standing && <AccountStanding account={standing} />}
      {!isEmpty && (
        <div className="mb-4">
          <SearchForm label={t("keySettings.list.search")} value={filter.q}>
            <label className="block">
              <span className="text-sm font-semibold">{t("keySettings.list.show")}</span>
              <select name="state" defaultValue={filter.state} className="control mt-1 block">
                <option value="">{t("keySettings.list.filters.all")}</option>
                {accessKeyFilters.map((value) => (
                  <option key={value} value={value}>
                    {t(`keySettings.list.filters.${value}`)}
                  </option>
                ))}
              </select>
            </label>
          </SearchForm>
        </div>
      )}
      <DataTable
        caption={t("accessKeys.title")}
        rows={accessKeys}
        rowKey={({ id }) => id}
        empty={
          isEmpty ? (
            <EmptyState title={t("accessKeys.empty")} action={create}>
              {t(canCreate ? "accessKeys.emptyAdvice" : "accessKeys.emptyElse")}
            </EmptyState>
          ) : (
            <EmptyState title={t("keySettings.list.noMatch")}>
              {t("keySettings.list.noMatchAdvice")}
            </EmptyState>
          )
        }
        columns={[
          {
            key: "name",
            header: t("accessKeys.name"),
            cell: ({ id, name, maskedId, rotation }) => (
              <>
                <Link to={href("/accounts/:account/access-keys/:key", { ...params, key: id })}>{name}</Link>
                <code className="block font-normal">
                  <span className="sr-only">{t("accessKeys.accessKeyId")}: </span>
                  {maskedId}
                </code>
                <RotationMark mark={rotation} params={params} />
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
            cell: ({ state, allowedUntil }) => (
              <div>
                <AccessKeyState state={state} />
                {allowedUntil && (
                  <span className="block text-sm text-warning">
                    {t(
                      new Date(allowedUntil).getTime() < Date.now()
                        ? "keySettings.list.tooOld"
                        : "keySettings.list.endsLate",
                    )}
                  </span>
                )}
              </div>
            ),
          },
          // One that says on each line that the storage does not tell would say nothing.
          ...(accessKeys.some(({ lastUse }) => lastUse !== "untold") ? [lastUseColumn(t)] : []),
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

type ListedKey = Route.ComponentProps["loaderData"]["accessKeys"][number];

function lastUseColumn(t: TFunction): Column<ListedKey> {
  return {
    key: "used",
    header: t("rotations.lastUse.title"),
    cell: ({ state, lastUse }) => (isStanding(state) ? <LastUse use={lastUse} /> : "–"),
  };
}
