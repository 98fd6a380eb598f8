import { useTranslation } from "react-i18next";
import { getKeyPolicyForAll } from "#app/domain/access-keys/key-policy.ts";
import { keyPolicyInput } from "#app/domain/access-keys/schema.ts";
import { setKeyPolicyForAll } from "#app/domain/access-keys/set-key-policy.ts";
import { can } from "#app/domain/authorization.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Card } from "#app/ui/layout/section.tsx";
import { KeyPolicyForm } from "../../console/settings/key-policy-form.tsx";
import type { Route } from "./+types/access-keys";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    const maxAgeDays = await getKeyPolicyForAll(context);
    return {
      maxAgeDays,
      form: can(context, "access-keys:set-policy-for-all")
        ? formOf(keyPolicyInput, maxAgeDays === null ? {} : { maxAgeDays })
        : null,
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, setKeyPolicyForAll, ({ maxAgeDays }) =>
    redirectWithFlash(
      "/admin/settings/access-keys",
      maxAgeDays === null
        ? t("keySettings.policy.removedForAll")
        : t("keySettings.policy.savedForAll", { count: maxAgeDays }),
    ),
  );
}

export default function AccessKeyPolicyForAll({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { maxAgeDays, form: setup } = loaderData;
  const [form, fields] = useAppForm(setup ?? { constraint: {}, defaultValue: {} }, actionData);
  return (
    <>
      {setup && <ErrorSummary form={form} />}
      <PageHeader
        title={t("keySettings.policy.title")}
        description={t("keySettings.policy.introForAll")}
        invalid={!form.valid}
      />
      <Card>
        <DescriptionList
          items={[
            {
              term: t("keySettings.policy.forAll"),
              details:
                maxAgeDays === null
                  ? t("keySettings.policy.unlimited")
                  : t("keySettings.policy.days", { count: maxAgeDays }),
            },
          ]}
        />
      </Card>
      {setup && <KeyPolicyForm form={form} maxAgeDays={fields.maxAgeDays} />}
    </>
  );
}
