import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { authorize } from "#app/domain/authorization.ts";
import { adoptTenant } from "#app/domain/reconciliation/adopt-tenant.ts";
import { findTenantShown, listFreeTenants } from "#app/domain/reconciliation/read-tenants.ts";
import { adoptTenantInput } from "#app/domain/reconciliation/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { FreeTenants } from "#app/ui/reconciliation/free-tenants.tsx";
import { TenantAdoption } from "#app/ui/reconciliation/tenant-adoption.tsx";
import type { Route } from "./+types/engine-tenant";

/** Without `?tenant=` the tenants to choose from; with it what adopting that one means, and the form. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "accounts:adopt-tenant");
    const query = Object.fromEntries(args.url.searchParams);
    const { name } = await getAccount(context);
    const chosen = query.tenant ? await findTenantShown(context, query.tenant) : null;
    return {
      name,
      chosen,
      list: query.tenant ? null : await listFreeTenants(context, query),
      form: formOf(adoptTenantInput, { tenant: query.tenant ?? "" }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const account = href("/admin/accounts/:account", args.params);
  return submit(args, adoptTenant, () => redirectWithFlash(account, t("reconciliation.tenants.done")));
}

export default function EngineTenant({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { name, chosen, list, form } = loaderData;
  const account = href("/admin/accounts/:account", params);
  const breadcrumbs = [
    { label: t("admin.accounts.title"), to: "/admin/accounts" },
    { label: name, to: account },
  ];
  if (list) return <FreeTenants list={list} account={name} breadcrumbs={breadcrumbs} />;
  return (
    <TenantAdoption
      tenant={chosen}
      account={name}
      form={form}
      result={actionData}
      breadcrumbs={[...breadcrumbs, { label: t("reconciliation.tenants.link"), to: "?" }]}
    />
  );
}
