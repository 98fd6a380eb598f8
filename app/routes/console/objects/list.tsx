import { useTranslation } from "react-i18next";
import { Form, Link } from "react-router";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { readListing } from "#app/domain/objects/read-listing.ts";
import { load } from "#app/http/handlers.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { BucketTabs } from "#app/ui/buckets/bucket-tabs.tsx";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink, buttonClass } from "#app/ui/form/button.tsx";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { objectBreadcrumbs } from "#app/ui/objects/breadcrumbs.ts";
import { ListingTable } from "#app/ui/objects/listing-table.tsx";
import {
  type BucketParams,
  deletionOfManyHref,
  type ObjectView,
  objectsHref,
  uploadHref,
} from "#app/ui/objects/object-address.ts";
import { PrefixTrail } from "#app/ui/objects/prefix-trail.tsx";
import type { Route } from "./+types/list";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const query = args.url.searchParams;
    const prefix = query.get("prefix") ?? "";
    const view: ObjectView = query.get("view") === "versions" ? "versions" : "current";
    const after = query.get("after");
    const listing = await readListing(context, {
      bucketId: uuidOr404(args.params.bucket),
      prefix,
      allVersions: view === "versions",
      after,
    });
    const isActive = context.access.accountState === "active";
    return {
      ...listing,
      prefix,
      view,
      isFirst: !after,
      canUpload: isActive && can(context, "objects:upload"),
      canDelete: isActive && can(context, "objects:delete"),
      standing: isActive ? null : await getAccount(context),
    };
  });
}

export default function Objects({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { bucket, page, prefix, view, canUpload, standing } = loaderData;
  return (
    <>
      <PageHeader
        title={bucket}
        documentTitle={t("objects.list.documentTitle", { bucket })}
        breadcrumbs={objectBreadcrumbs(t, params, bucket).slice(0, 1)}
        actions={canUpload && <UploadLink params={params} prefix={prefix} />}
      />
      <BucketTabs params={params} />
      {standing && <AccountStanding account={standing} />}
      <Views params={params} prefix={prefix} view={view} />
      <PrefixTrail params={params} bucket={bucket} prefix={prefix} view={view} />
      {"problem" in page ? (
        <Notice tone="warning" title={t(`objects.list.${page.problem}`)}>
          <p>{t(`objects.list.${page.problem}Advice`)}</p>
          <p>
            <Link to={objectsHref(params, { prefix, view })}>{t("common.refresh")}</Link>
          </p>
        </Notice>
      ) : (
        <Listing loaderData={loaderData} page={page} params={params} />
      )}
    </>
  );
}

interface PlaceProps {
  params: BucketParams;
  prefix: string;
}

function UploadLink({ params, prefix }: PlaceProps) {
  const { t } = useTranslation();
  return (
    <ButtonLink variant="primary" to={uploadHref(params, { prefix })}>
      {t("objects.list.upload")}
    </ButtonLink>
  );
}

/** What is listed, and from where. */
function Views({ params, prefix, view }: PlaceProps & { view: ObjectView }) {
  const { t } = useTranslation();
  const views = [
    { name: "current", label: t("objects.list.current") },
    { name: "versions", label: t("objects.list.allVersions") },
  ] as const;
  return (
    <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <Form role="search" className="flex max-w-xl grow flex-wrap items-end gap-3">
        {view === "versions" && <input type="hidden" name="view" value={view} />}
        <label className="block grow basis-48">
          <span className="text-sm font-semibold">{t("objects.list.prefix")}</span>
          <input
            // A new one for each place: a default value is taken once.
            key={prefix}
            type="text"
            name="prefix"
            defaultValue={prefix}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            className="control mt-1 block w-full"
          />
        </label>
        <button type="submit" className={buttonClass("secondary")}>
          {t("objects.list.go")}
        </button>
      </Form>
      <nav aria-label={t("objects.list.view")}>
        <ul className="flex flex-wrap gap-x-5">
          {views.map(({ name, label }) => (
            <li key={name} className="py-1.5">
              <Link
                to={objectsHref(params, { prefix, view: name })}
                aria-current={name === view ? "page" : undefined}
                className="inline-block py-1 aria-[current=page]:font-semibold aria-[current=page]:text-ink aria-[current=page]:no-underline"
              >
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}

type Data = Route.ComponentProps["loaderData"];
interface ListingProps {
  loaderData: Data;
  page: Exclude<Data["page"], { problem: string }>;
  params: BucketParams;
}

function Listing({ loaderData, page: { prefixes, objects, next }, params }: ListingProps) {
  const { t } = useTranslation();
  const { prefix, view, isFirst, canDelete } = loaderData;
  const isEmpty = prefixes.length === 0 && objects.length === 0;
  const canSelect = canDelete && objects.length > 0;
  const table = <ListingTable {...{ params, prefix, view, prefixes, objects, canSelect }} />;
  return (
    <>
      {isEmpty && <NothingHere loaderData={loaderData} params={params} />}
      {canSelect && !isEmpty && (
        <AppForm action={deletionOfManyHref(params, { prefix, view })}>
          {table}
          <p className="mt-4">
            <SubmitButton variant="secondary">{t("objects.list.deleteSelected")}</SubmitButton>
          </p>
        </AppForm>
      )}
      {!canSelect && !isEmpty && table}
      {(next || !isFirst) && (
        <nav aria-label={t("objects.list.pages")} className="mt-4 flex flex-wrap gap-2">
          {!isFirst && (
            <ButtonLink to={objectsHref(params, { prefix, view })} rel="first">
              {t("objects.list.first")}
            </ButtonLink>
          )}
          {next && (
            <ButtonLink to={objectsHref(params, { prefix, view, after: next })} rel="next">
              {t("objects.list.next")} →
            </ButtonLink>
          )}
        </nav>
      )}
    </>
  );
}

/** Why there is no row: the bucket is empty, nothing begins like that, or the list has ended. */
function NothingHere({ loaderData, params }: Pick<ListingProps, "loaderData" | "params">) {
  const { t } = useTranslation();
  const { prefix, view, isFirst, canUpload } = loaderData;
  if (!isFirst)
    return <EmptyState title={t("objects.list.beyondEnd")}>{t("objects.list.beyondEndAdvice")}</EmptyState>;
  const upload = canUpload && <UploadLink params={params} prefix={prefix} />;
  if (prefix) {
    return (
      <EmptyState title={t("objects.list.nothingUnder")} action={upload}>
        {t(view === "versions" ? "objects.list.nothingUnderVersions" : "objects.list.nothingUnderAdvice")}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t(view === "versions" ? "objects.list.empty" : "objects.list.noObjects")}
      action={upload}
    >
      {t(canUpload ? "objects.list.emptyAdvice" : "objects.list.emptyReader")}
    </EmptyState>
  );
}
