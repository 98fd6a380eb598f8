import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { requestSurvey } from "#app/domain/surveys/request-survey.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/new";
import { hiddenBytesHref } from "./addresses.ts";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:survey");
    const { name } = await getBucket(context, uuidOr404(args.params.bucket));
    return { name };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => requestSurvey(context, { bucketId: uuidOr404(args.params.bucket) }),
    () => redirectWithFlash(hiddenBytesHref(args.params), t("surveys.measure.done")),
  );
}

export default function NewSurvey({ loaderData: { name }, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  return (
    <FormPage
      title={t("surveys.measure.title", { bucket: name })}
      intro={t("surveys.measure.intro")}
      breadcrumbs={[
        { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
        { label: name, to: href("/accounts/:account/buckets/:bucket", params) },
        { label: t("surveys.hidden.title"), to: hiddenBytesHref(params) },
      ]}
      form={form}
    >
      <SubmitButton>{t("surveys.measure.submit")}</SubmitButton>
    </FormPage>
  );
}
