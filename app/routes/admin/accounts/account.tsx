import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { getAccountForStaff } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { mayAdoptTenant } from "#app/domain/reconciliation/read-tenants.ts";
import { load } from "#app/http/handlers.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/account";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const account = await getAccountForStaff(context);
    return {
      account: { ...account, document: formatDocument(account.document) },
      canDecide: account.state === "pending" && can(context, "accounts:approve"),
      canAdoptTenant: await mayAdoptTenant(context),
      canRetry: account.state === "approved" && can(context, "accounts:retry-provisioning"),
    };
  });
}

export default function AdminAccount({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { account, canDecide, canAdoptTenant, canRetry } = loaderData;
  const dates = [
    { term: t("accounts.submittedAt"), at: account.submittedAt },
    { term: t("accounts.approvedAt"), at: account.approvedAt },
    { term: t("accounts.rejectedAt"), at: account.rejectedAt },
    { term: t("accounts.activatedAt"), at: account.activatedAt },
  ];
  return (
    <>
      <PageHeader
        title={account.name}
        breadcrumbs={[{ label: t("admin.accounts.title"), to: "/admin/accounts" }]}
        tag={<AccountState state={account.state} />}
        actions={
          <>
            <ButtonLink to={href("/admin/accounts/:account/reconciliation", params)}>
              {t("reconciliation.title")}
            </ButtonLink>
            {canAdoptTenant && (
              <ButtonLink to={href("/admin/accounts/:account/engine-tenant", params)}>
                {t("reconciliation.tenants.link")}
              </ButtonLink>
            )}
            {canDecide && (
              <>
                <ButtonLink to={href("/admin/accounts/:account/rejection", params)}>
                  {t("admin.rejection.link")}
                </ButtonLink>
                <ButtonLink variant="primary" to={href("/admin/accounts/:account/approval", params)}>
                  {t("admin.approval.link")}
                </ButtonLink>
              </>
            )}
          </>
        }
      />
      {account.state === "approved" && (
        <Provisioning
          error={account.provisioningError}
          errorAt={account.provisioningErrorAt}
          retryAction={canRetry ? href("/admin/accounts/:account/provisioning", params) : undefined}
        />
      )}
      {account.state === "rejected" && (
        <div className="mb-6">
          <Notice
            tone="warning"
            title={account.rejectionCause && t(`accounts.rejectionCauses.${account.rejectionCause}`)}
          >
            <p className="whitespace-pre-line">{account.rejectionReason}</p>
          </Notice>
        </div>
      )}
      <Section title={t("admin.account.registration")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("accounts.name"), details: account.name },
              { term: t("accounts.document"), details: account.document },
              ...dates.flatMap(({ term, at }) => (at ? [{ term, details: <Timestamp at={at} /> }] : [])),
              { term: t("admin.account.id"), details: <code className="break-all">{account.id}</code> },
            ]}
          />
        </Card>
      </Section>
      <Section title={t("admin.account.members")}>
        <DataTable
          caption={t("admin.account.members")}
          rows={account.members}
          rowKey={({ id }) => id}
          columns={[
            {
              key: "name",
              header: t("admin.account.memberName"),
              cell: ({ id, name }) => <Link to={href("/admin/users/:user", { user: id })}>{name}</Link>,
            },
            {
              key: "email",
              header: t("auth.email"),
              cell: ({ email }) => <span className="break-all">{email}</span>,
            },
            { key: "role", header: t("accounts.role"), cell: ({ role }) => t(`accounts.roles.${role}`) },
          ]}
        />
      </Section>
    </>
  );
}

interface ProvisioningProps {
  error: string | null;
  errorAt: Date | null;
  retryAction: string | undefined;
}

function Provisioning({ error, errorAt, retryAction }: ProvisioningProps) {
  const { t } = useTranslation();
  return (
    <div className="mb-6">
      <Notice
        tone={error ? "danger" : "info"}
        title={t(error ? "admin.provisioning.failed" : "admin.provisioning.underWay")}
      >
        <p>{t(error ? "admin.provisioning.retries" : "admin.provisioning.wait")}</p>
        {error && errorAt && (
          <p className="mt-2">
            <Timestamp at={errorAt} />: <code>{error}</code>
          </p>
        )}
        {error && retryAction && (
          <AppForm action={retryAction} className="mt-3">
            <SubmitButton variant="secondary">{t("admin.provisioning.retry")}</SubmitButton>
          </AppForm>
        )}
      </Notice>
    </div>
  );
}
