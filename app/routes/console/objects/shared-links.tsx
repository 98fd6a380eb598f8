import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize, can } from "#app/domain/authorization.ts";
import { endSharing } from "#app/domain/objects/end-sharing.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import type { Route } from "./+types/shared-links";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "objects:end-sharing");
    return { maySeeSettings: can(context, "accounts:read-settings") };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => endSharing(context, {}),
    () =>
      redirectWithFlash(
        href("/accounts/:account/settings/shared-links", args.params),
        t("objects.sharedLinks.done"),
      ),
  );
}

export default function SharedLinks({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <FormPage
      title={t("objects.sharedLinks.title")}
      intro={t("objects.sharedLinks.intro")}
      {...(loaderData.maySeeSettings && {
        breadcrumbs: [
          { label: t("secondFactor.settings.title"), to: href("/accounts/:account/settings", params) },
        ],
      })}
      form={form}
    >
      <Notice tone="warning">{t("objects.sharedLinks.text")}</Notice>
      <SubmitButton variant="danger">{t("objects.sharedLinks.submit")}</SubmitButton>
    </FormPage>
  );
}
