import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { formatDocument } from "#app/domain/accounts/document.ts";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { can } from "#app/domain/authorization.ts";
import { load } from "#app/http/handlers.server.ts";
import { AccountStanding } from "#app/ui/layout/account-standing.tsx";
import { AccountState } from "#app/ui/layout/account-state.tsx";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/overview";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    account: await getAccount(context),
    canResubmit: can(context, "accounts:resubmit"),
  }));
}

export default function Overview({ loaderData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { account, canResubmit } = loaderData;
  return (
    <>
      <PageHeader
        title={account.name}
        documentTitle={t("accounts.overview.documentTitle", { account: account.name })}
        tag={<AccountState state={account.state} />}
      />
      <AccountStanding
        account={account}
        registrationLink={canResubmit ? href("/accounts/:account/registration", params) : undefined}
      />
      <Section title={t("accounts.overview.registration")}>
        <Card>
          <DescriptionList
            items={[
              { term: t("accounts.name"), details: account.name },
              { term: t("accounts.document"), details: formatDocument(account.document) },
              { term: t("accounts.submittedAt"), details: <Timestamp at={account.submittedAt} /> },
            ]}
          />
        </Card>
      </Section>
    </>
  );
}
