import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { getKeyPolicy } from "#app/domain/access-keys/key-policy.ts";
import { listAccessKeys } from "#app/domain/access-keys/read-access-keys.ts";
import { keyPolicyInput } from "#app/domain/access-keys/schema.ts";
import { setKeyPolicy } from "#app/domain/access-keys/set-key-policy.ts";
import { can } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card, Section } from "#app/ui/layout/section.tsx";
import { KeysBeyondPolicy } from "../access-keys/keys-beyond-policy.tsx";
import type { Route } from "./+types/access-keys";
import { KeyPolicyForm } from "./key-policy-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const policy = await getKeyPolicy(context);
    const mayList = can(context, "access-keys:list");
    const beyond = mayList ? await listAccessKeys(context, { state: "beyond-policy" }) : null;
    const { ownMaxAgeDays } = policy;
    return {
      policy,
      maySeeSettings: can(context, "accounts:read-settings"),
      beyond: beyond && { accessKeys: beyond.accessKeys, hasMore: beyond.next !== null },
      form: can(context, "access-keys:set-policy")
        ? formOf(keyPolicyInput, ownMaxAgeDays === null ? {} : { maxAgeDays: ownMaxAgeDays })
        : null,
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const here = href("/accounts/:account/settings/access-keys", args.params);
  return submit(args, setKeyPolicy, ({ maxAgeDays }) =>
    redirectWithFlash(
      here,
      maxAgeDays === null
        ? t("keySettings.policy.removed")
        : t("keySettings.policy.saved", { count: maxAgeDays }),
    ),
  );
}

export default function AccessKeyPolicy({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { policy, beyond, maySeeSettings, form: setup } = loaderData;
  const [form, fields] = useAppForm(setup ?? { constraint: {}, defaultValue: {} }, actionData);
  const days = (count: number | null) =>
    count === null ? t("keySettings.policy.unlimited") : t("keySettings.policy.days", { count });
  return (
    <>
      {setup && <ErrorSummary form={form} />}
      <PageHeader
        title={t("keySettings.policy.title")}
        description={t("keySettings.policy.intro")}
        breadcrumbs={[
          // Not everybody who uses keys may see the settings.
          maySeeSettings
            ? { label: t("secondFactor.settings.title"), to: href("/accounts/:account/settings", params) }
            : { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
        ]}
        invalid={!form.valid}
      />
      <Card>
        <DescriptionList
          items={[
            { term: t("keySettings.policy.own"), details: days(policy.ownMaxAgeDays) },
            { term: t("keySettings.policy.provider"), details: days(policy.providerMaxAgeDays) },
            {
              term: t("keySettings.policy.counts"),
              details: <strong className="font-semibold">{days(policy.maxAgeDays)}</strong>,
            },
          ]}
        />
      </Card>
      {setup && <KeyPolicyForm form={form} maxAgeDays={fields.maxAgeDays} />}
      {policy.maxAgeDays !== null && beyond && (
        <Section
          title={t("keySettings.policy.beyond")}
          description={t("keySettings.policy.beyondText")}
          actions={
            beyond.hasMore && (
              <Link to={`${href("/accounts/:account/access-keys", params)}?state=beyond-policy`}>
                {t("keySettings.policy.allBeyond")}
              </Link>
            )
          }
        >
          <KeysBeyondPolicy accessKeys={beyond.accessKeys} params={params} />
        </Section>
      )}
    </>
  );
}
