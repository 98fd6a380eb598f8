import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { getOwnIdentity } from "#app/domain/identity/providers/read-identities.ts";
import { unlinkIdentity } from "#app/domain/identity/providers/unlink-identity.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/identity-removal";

export function loader(args: Route.LoaderArgs) {
  return load(args, (context) => getOwnIdentity(context, uuidOr404(args.params.identity)));
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => unlinkIdentity(context, { id: uuidOr404(args.params.identity) }),
    ({ providerName }) =>
      redirectWithFlash(
        href("/me/security/identities"),
        t("identities.removal.done", { provider: providerName }),
      ),
  );
}

export default function UnlinkIdentity({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { providerName, label } = loaderData;
  return (
    <FormPage
      title={t("identities.removal.title", { provider: providerName })}
      intro={t("identities.removal.intro")}
      breadcrumbs={[{ label: t("identities.title"), to: href("/me/security/identities") }]}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("identities.provider"), details: providerName },
          { term: t("identities.identity"), details: <span className="wrap-anywhere">{label}</span> },
        ]}
      />
      <SubmitButton variant="danger">{t("identities.removal.submit")}</SubmitButton>
    </FormPage>
  );
}
