import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { getAccount } from "#app/domain/accounts/read-accounts.ts";
import { leaveAccount } from "#app/domain/members/leave-account.ts";
import { getOwnMembership } from "#app/domain/members/read-members.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/leaving";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const [{ name }, { isLastOwner }] = await Promise.all([getAccount(context), getOwnMembership(context)]);
    return { name, isLastOwner };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => leaveAccount(context, {}),
    ({ accountName }) => redirectWithFlash("/accounts", t("members.leaving.done", { account: accountName })),
  );
}

export default function LeaveAccount({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { name, isLastOwner } = loaderData;
  const title = t("members.leaving.title", { account: name });
  const breadcrumbs = [{ label: t("accounts.overview.title"), to: href("/accounts/:account", params) }];
  if (isLastOwner && form.valid) {
    return (
      <>
        <PageHeader title={title} breadcrumbs={breadcrumbs} />
        <Notice tone="warning" title={t("members.leaving.lastOwnerTitle")}>
          {t("members.leaving.lastOwner")}
        </Notice>
        <p className="mt-6">
          <ButtonLink to={href("/accounts/:account/members", params)}>
            {t("members.leaving.members")}
          </ButtonLink>
        </p>
      </>
    );
  }
  return (
    <FormPage title={title} intro={t("members.leaving.intro")} breadcrumbs={breadcrumbs} form={form}>
      <SubmitButton variant="danger">{t("members.leaving.submit")}</SubmitButton>
    </FormPage>
  );
}
