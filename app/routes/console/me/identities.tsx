import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { listOwnIdentities } from "#app/domain/identity/providers/read-identities.ts";
import { load } from "#app/http/handlers.server.ts";
import { EmptyState } from "#app/ui/layout/empty-state.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { StateTag } from "#app/ui/layout/state-tag.tsx";
import { ProviderForm } from "#app/ui/sign-in/provider-buttons.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/identities";

export function loader(args: Route.LoaderArgs) {
  return load(args, listOwnIdentities);
}

export default function Identities({ loaderData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { identities, providers } = loaderData;
  return (
    <>
      <PageHeader
        title={t("identities.title")}
        description={t("identities.intro")}
        breadcrumbs={[{ label: t("identities.breadcrumb"), to: "/me/security" }]}
      />
      <DataTable
        caption={t("identities.title")}
        rows={identities}
        rowKey={({ id }) => id}
        empty={
          <EmptyState title={t("identities.empty")}>
            {t(providers.length > 0 ? "identities.emptyAdvice" : "identities.emptyElse")}
          </EmptyState>
        }
        columns={[
          {
            key: "provider",
            header: t("identities.provider"),
            cell: ({ providerName, isUsable }) => (
              <span className="flex flex-wrap items-center gap-2">
                {providerName}
                {!isUsable && <StateTag tone="warning">{t("identities.notSetUp")}</StateTag>}
              </span>
            ),
          },
          {
            key: "label",
            header: t("identities.identity"),
            cell: ({ label }) => <span className="wrap-anywhere">{label}</span>,
          },
          {
            key: "linked",
            header: t("identities.linkedAt"),
            cell: ({ createdAt }) => <Timestamp at={createdAt} style="date" />,
          },
          {
            key: "used",
            header: t("identities.lastUsedAt"),
            cell: ({ lastUsedAt }) =>
              lastUsedAt ? <Timestamp at={lastUsedAt} /> : t("identities.neverUsed"),
          },
          {
            key: "actions",
            header: t("identities.actions"),
            cell: ({ id, providerName, label }) => (
              <Link
                to={href("/me/security/identities/:identity/removal", { identity: id })}
                aria-label={t("identities.unlinkOne", { provider: providerName, label })}
              >
                {t("identities.unlink")}
              </Link>
            ),
          },
        ]}
      />
      {providers.length > 0 && (
        <Section title={t("identities.link.title")} description={t("identities.link.intro")}>
          <ul className="flex flex-wrap gap-3">
            {providers.map((provider) => (
              <li key={provider.id}>
                <ProviderForm
                  provider={provider}
                  purpose="link"
                  returnTo={href("/me/security/identities")}
                  label={t("identities.link.submit", { provider: provider.name })}
                />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
