import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { requestSurveys } from "#app/domain/surveys/request-survey.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { localeOf, translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { formatCount } from "#app/ui/format.ts";
import type { Route } from "./+types/measuring";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:survey");
    return null;
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => requestSurveys(context, {}),
    ({ begun }) =>
      redirectWithFlash(
        href("/accounts/:account/storage/hidden-bytes", args.params),
        begun === 0
          ? t("surveys.measureAll.none")
          : t("surveys.measureAll.done", {
              count: begun,
              number: formatCount(begun, localeOf(args.context)),
            }),
      ),
  );
}

export default function MeasureAll({ actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <FormPage
      title={t("surveys.measureAll.title")}
      intro={t("surveys.measureAll.intro")}
      breadcrumbs={[
        { label: t("usage.title"), to: href("/accounts/:account/usage", params) },
        { label: t("surveys.account.title"), to: href("/accounts/:account/storage/hidden-bytes", params) },
      ]}
      form={form}
    >
      <SubmitButton>{t("surveys.measureAll.submit")}</SubmitButton>
    </FormPage>
  );
}
